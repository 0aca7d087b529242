import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Figure } from './figure.ts';
import { goals } from './goals.ts';
import { drawTable, missedGoals } from './report.ts';
import { benchShop } from './shop-bench.ts';

type Bench = (rounds: number, say: (line: string) => void) => Promise<Figure[]>;
const benches: Readonly<Record<string, Bench>> = { shop: benchShop };

const usage = `Usage: npm run bench -- ${Object.keys(benches).join(' | ')} [--rounds N] [--json FILE] [--check]

  --rounds N    how often each figure is measured; 5 when not set
  --json FILE   write every sample there
  --check       end with 1 and name every goal that was missed`;

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  const rounds = Number(values.rounds);
  if (values.help || !bench || positionals.length > 1 || !Number.isInteger(rounds) || rounds < 1) {
    console.error(usage);
    return values.help ? 0 : 1;
  }
  const figures = await bench(rounds, (line) => console.error(`… ${line}`));
  const own = goals[name] ?? [];
  console.log(drawTable(figures, own).join('\n'));
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ bench: name, figures }, null, 2)}\n`);
  const missed = missedGoals(figures, own);
  for (const { figure, atMost } of missed) console.error(`MISSED: ${figure}: at most ${atMost}`);
  return values.check && missed.length > 0 ? 1 : 0;
}
