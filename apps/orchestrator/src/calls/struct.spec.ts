import { asObject, packReply, unpackReply } from './struct.ts';

it('keeps a reply that is an object, and puts any other under value', () => {
  expect(asObject({ a: 1 })).toEqual({ a: 1 });
  expect(asObject('2026-01-02T03:04:05Z')).toEqual({ value: '2026-01-02T03:04:05Z' });
  expect(asObject([1])).toEqual({ value: [1] });
  expect(asObject(null)).toEqual({ value: null });
});

it('gives back what it has packed', () => {
  const reply = { name: 'A mug', tags: ['x', null], price: { amountMinor: '1490' }, inStock: true };
  const packed = packReply(reply);
  expect(packed.typeUrl).toBe('type.googleapis.com/google.protobuf.Struct');
  expect(unpackReply(packed)).toEqual(reply);
});
