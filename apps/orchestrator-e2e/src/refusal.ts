import { RpcError } from '@trivium/rpc';

/** The error that a call is refused with; a call that is not throws. */
export async function refusal(work: Promise<unknown>): Promise<RpcError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof RpcError) return outcome;
  throw new Error(`Not refused: ${JSON.stringify(outcome)}`);
}
