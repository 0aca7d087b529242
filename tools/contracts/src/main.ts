import { breakingChanges } from './breaking.ts';
import { buf } from './buf.ts';
import { generate, staleFiles } from './generate.ts';
import { thirdPartyFolder } from './paths.ts';
import { placeThirdPartyContracts } from './third-party.ts';

const commands: Record<string, () => void> = {
  generate() {
    generate();
    console.log('libs/contracts/src/gen is made anew.');
  },
  current() {
    const stale = staleFiles();
    if (stale.length > 0)
      fail(`Not what the contracts give: ${stale.join(', ')}. Run \`npm run generate\`.`);
    console.log('Generated code is what the contracts give.');
  },
  lint() {
    placeThirdPartyContracts(thirdPartyFolder);
    buf('lint');
    buf('format', '--diff', '--exit-code', '--path', 'shop', '--path', 'trivium');
    console.log('The contracts are well-formed.');
  },
  breaking() {
    placeThirdPartyContracts(thirdPartyFolder);
    console.log(breakingChanges());
  },
};

function fail(line: string): never {
  console.error(line);
  process.exit(1);
}

const command = commands[process.argv[2] ?? ''];
if (!command) fail(`Usage: contracts ${Object.keys(commands).join(' | ')}`);
try {
  command();
} catch (error) {
  // buf has printed its findings; what it could not print is the failure to run at all.
  const { status, stdout, message } = error as {
    status?: number;
    stdout?: Buffer;
    message: string;
  };
  fail(status === undefined ? message : String(stdout ?? '') || `buf ended with ${status}.`);
}
