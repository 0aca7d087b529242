export { createTelemetry, telemetry } from './telemetry.ts';
export type { Telemetry, TelemetryOptions } from './telemetry.ts';
export { telemetryVariables } from './variables.ts';
