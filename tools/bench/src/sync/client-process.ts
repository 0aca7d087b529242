import { features } from './features.ts';
import type { Load } from './measure.ts';
import { measure } from './measure.ts';
import { peers } from './peers.ts';

/** One client under measurement: `client-process.ts TITLE ADDRESS`; loads come over IPC. */
const [title, address = ''] = process.argv.slice(2);
const entry = [...peers, ...features].find((each) => each.title === title);
if (!entry) throw new Error(`No such peer: ${title}`);
const { open } = await entry.load();
const peer = await open(address);

process.on('disconnect', () => process.exit());
process.on('message', (load: Load) => {
  const call = load.call === 'small' ? peer.callSmall : peer.callLarge;
  if (!call) throw new Error(`${title} has no ${load.call} call`);
  measure(call, load).then(
    (measurement) => process.send?.(measurement),
    (error: unknown) => {
      console.error(`${title}:`, error);
      process.exit(1);
    },
  );
});
process.send?.('ready');
