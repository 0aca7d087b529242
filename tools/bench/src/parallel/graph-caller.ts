import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { type Plan, type Step, type StepTypes, dynamicPlan, run } from '@trivium/parallel';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';
import { answerMessages } from '../load/answer-messages.ts';
import { graphs } from './graphs.ts';
import { longestPathMs } from './longest-path.ts';

// Runs graphs of calls to the service at an address: `graph-caller.ts ADDRESS`.
const channel = openChannel(process.argv[2] ?? '');
await channel.ready();
const catalog = createSyncClient(CatalogDefinition, channel);
const { signal } = new AbortController();

/** What each call of the run took, by step, as its caller sees it. */
const tookMs = new Map<string, number>();
const plans = new Map<string, Plan<unknown, StepTypes>>();
for (const [name, steps] of Object.entries(graphs)) {
  const described = steps.map(({ id, reads, workMs }): Step => ({
    ...{ name: id, reads },
    async call({ signal }) {
      const began = performance.now();
      await catalog.getProduct({ sku: `a ${workMs}` }, { signal });
      tookMs.set(id, performance.now() - began);
    },
  }));
  plans.set(name, dynamicPlan(described));
}

answerMessages(async ({ graph, times }: { graph: string; times: number }) => {
  const ratios: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await run(plans.get(graph)!, undefined, { signal }).result;
    const wallMs = performance.now() - began;
    ratios.push(wallMs / longestPathMs(graphs[graph]!, tookMs));
  }
  return ratios;
});
