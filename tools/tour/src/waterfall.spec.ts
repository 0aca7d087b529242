import { drawWaterfall, milliseconds } from './waterfall.ts';

const scale = { columns: 10, spanMs: 100, labelColumns: 5 };

it('places each bar where its time lies', () => {
  const picture = drawWaterfall(
    {
      title: 'three',
      bars: [
        { label: 'first', startMs: 0, endMs: 50, kind: 'work' },
        { label: 'next', startMs: 50, endMs: 100, kind: 'failed', note: 'too late' },
        { label: 'caller', startMs: 0, endMs: 100, kind: 'wait' },
      ],
    },
    scale,
  );
  expect(picture).toEqual([
    'three',
    '  first █████          50 ms',
    '  next       ▓▓▓▓▓     50 ms  too late',
    '  calle ░░░░░░░░░░    100 ms',
  ]);
});

it('shows a moment and what lies beyond the edge in one column at least', () => {
  const bars = [
    { label: 'a', startMs: 20, endMs: 20, kind: 'work' },
    { label: 'b', startMs: 400, endMs: 500, kind: 'work' },
  ] as const;
  const [, moment, beyond] = drawWaterfall({ title: '', bars }, scale);
  expect(moment).toBe('  a       █           0.0 ms');
  expect(beyond).toBe('  b              █    100 ms');
});

it('writes a duration in nine columns', () => {
  expect([0.44, 9.96, 12.3, 1234].map(milliseconds)).toEqual([
    '   0.4 ms',
    '  10.0 ms',
    '    12 ms',
    '  1234 ms',
  ]);
});
