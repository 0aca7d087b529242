import { pino } from 'pino';
import type { LevelWithSilent, Logger } from 'pino';

export type { Logger };

/** The levels that a service can log at; `silent` logs nothing. */
export const LOG_LEVELS = [
  'trace',
  'debug',
  'info',
  'warn',
  'error',
  'fatal',
  'silent',
] as const satisfies readonly LevelWithSilent[];

/** One of the levels that a service can log at. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Creates a service's log: one JSON object a line on stdout, `service` in each, errors under `err`
 * with their causes. A line is written before the call that logs it returns, so that none is lost
 * when the process ends.
 */
export function createLogger(options: {
  readonly name: string;
  readonly level?: LogLevel;
  /** What each line says besides: asked for each. */
  readonly fields?: () => object;
}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      ...(options.fields && { mixin: options.fields }),
    },
    pino.destination({ fd: 1, sync: true }),
  );
}
