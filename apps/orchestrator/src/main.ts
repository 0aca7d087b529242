import { runService } from '@trivium/rpc';
import { telemetry } from '@trivium/telemetry';
import { config } from './config.ts';
import { startOrchestrator } from './start-orchestrator.ts';

await runService({
  name: 'orchestrator',
  config,
  extensions: [telemetry],
  start: startOrchestrator,
});
