/**
 * A process to be killed: `node crash-process.ts <store> <diary> <round>`. It goes on with what earlier processes left,
 * hands in operations of its own round, follows all to their ends, deletes one, and ends with 0, unless the environment
 * has it end before (`FAULT_POINT`, `FAULT_PASSAGE`). Warnings of the engine are on its standard output.
 */
import { openOperationStore } from '../../store/sqlite/open-operation-store.ts';
import { faultyStore } from '../faulty-store.ts';
import { killAt } from '../kill-at.ts';
import { openCrashEngine } from './crash-engine.ts';
import { openDiary } from './diary.ts';
import { plantedIn } from './planted-in.ts';

// As the server of a service would: what is waited for may be done by another process.
const alive = setInterval(() => undefined, 60_000);

const [path = '', diaryPath = '', round = ''] = process.argv.slice(2);
const underWay = { calls: 0 };
const pass = killAt(() => underWay.calls === 0);
const sound = await openOperationStore({ path });
const store = faultyStore(plantedIn(sound), pass, underWay);
const engine = openCrashEngine({ store, diary: openDiary(diaryPath), pass, logLevel: 'warn' });
const requestIds = Array.from({ length: 12 }, (_, index) => `${round}-${index}`);
await engine.run(requestIds);
await engine.delete(requestIds[0]!);
// As long as it takes for a sweep and a renewal to come by.
await new Promise((resolve) => setTimeout(resolve, 120));
await engine.close();
await store.close();
clearInterval(alive);
