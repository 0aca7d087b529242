import { Code, codeName, RpcError } from '@trivium/rpc';
import type { OpsArguments } from './arguments.ts';

/** What went wrong, for whoever typed the command, and what to do about it. */
export function explain(error: unknown, args: OpsArguments): string {
  if (!(error instanceof RpcError) || args.command === 'help') {
    return error instanceof Error ? error.message : String(error);
  }
  const { address } = args;
  switch (error.code) {
    case Code.UNAVAILABLE:
      return `Nothing answers at ${address}: ${error.message}.
The shop is started by npm start; another service is named by --address HOST:PORT.`;
    case Code.UNIMPLEMENTED:
      return `What listens at ${address} has no operations that could be seen: it does not serve
trivium.operations.v1.OperationLog. Of the shop it is checkout that does, at 127.0.0.1:50056.`;
    case Code.NOT_FOUND:
      return `${error.message} at ${address}. npm run ops -- list tells which there are.`;
    case Code.INVALID_ARGUMENT:
    case Code.OUT_OF_RANGE:
      return error.message;
    default:
      return `${codeName(error.code)}: ${error.message}`;
  }
}
