const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** A duration as a person reads it: `12 ms`, `1.25 s`, `12.5 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function durationText(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.round(Math.max(0, durationMs))} ms`;
  if (durationMs < 9_995) return `${(durationMs / 1_000).toFixed(2)} s`;
  if (durationMs < 59_950) return `${(durationMs / 1_000).toFixed(1)} s`;
  const ms = Math.round(durationMs / 1_000) * 1_000;
  const index = units.findIndex(([, length]) => ms >= length);
  const [unit, length] = units[index] ?? units[2];
  const whole = Math.floor(ms / length);
  const [smaller, smallerLength] = units[index + 1] ?? ['s', 1_000];
  const rest = Math.floor((ms - whole * length) / smallerLength);
  return rest > 0 ? `${whole} ${unit} ${rest} ${smaller}` : `${whole} ${unit}`;
}
