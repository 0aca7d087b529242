import { Code } from '../error/code.ts';
import { framed, MessageDecoder } from './message-decoder.ts';

const upTo = (maxMessageBytes: number) => ({ sender: 'server', maxMessageBytes }) as const;
const texts = ['', 'one', 'two and more'];
const all = Buffer.concat(texts.map((text) => framed(Buffer.from(text))));

it.each([1, 2, 4, 5, 6, 7, 13, all.length])(
  'finds the messages in pieces of %i bytes',
  (sizeBytes) => {
    const decoder = new MessageDecoder(upTo(100));
    const found: string[] = [];
    for (let offset = 0; offset < all.length; offset += sizeBytes) {
      const messages = decoder.decode(all.subarray(offset, offset + sizeBytes));
      for (const { bytes, isCompressed } of messages) {
        expect(isCompressed).toBe(false);
        found.push(bytes.toString());
      }
    }
    expect(found).toEqual(texts);
    expect(decoder.isBetweenMessages).toBe(true);
  },
);

it('knows whether it is in the middle of a message', () => {
  const decoder = new MessageDecoder(upTo(100));
  const frame = framed(Buffer.from('whole'));
  expect(decoder.isBetweenMessages).toBe(true);
  decoder.decode(frame.subarray(0, 1));
  expect(decoder.isBetweenMessages).toBe(false);
  decoder.decode(frame.subarray(1, 9));
  expect(decoder.isBetweenMessages).toBe(false);
  decoder.decode(frame.subarray(9));
  expect(decoder.isBetweenMessages).toBe(true);
});

it('does not copy a message that came in one piece', () => {
  const [message] = new MessageDecoder(upTo(100)).decode(all.subarray(5));
  expect(message?.bytes.buffer).toBe(all.buffer);
});

it('takes a message of the limit, and refuses a larger one by its length alone', () => {
  const frame = framed(Buffer.alloc(10));
  expect(new MessageDecoder(upTo(10)).decode(frame)).toHaveLength(1);
  expect(() => new MessageDecoder(upTo(9)).decode(frame.subarray(0, 5))).toThrow(
    expect.objectContaining({
      code: Code.RESOURCE_EXHAUSTED,
      message: 'The server sent a message of 10 bytes; the limit is 9',
    }),
  );
});

it('refuses what begins like no message', () => {
  expect(() => new MessageDecoder(upTo(10)).decode(Buffer.from([2, 0, 0, 0, 1]))).toThrow(
    expect.objectContaining({ code: Code.INTERNAL }),
  );
});
