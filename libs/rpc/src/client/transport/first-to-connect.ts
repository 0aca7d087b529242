/** How long an address may take before the next one is tried beside it (RFC 8305, 5). */
const HEAD_START_MS = 250;

/** Closes what it has made when it comes too late. */
interface Closable {
  close(): void;
}

/**
 * Connects to the first of several hosts that can be connected to: to one after the other, and to the
 * next beside it when one fails or takes its time ("Happy Eyeballs", RFC 8305). The others are given up
 * by their signal. Rejects with the error of the last one.
 */
export function firstToConnect<T extends Closable>(
  hosts: readonly string[],
  connect: (host: string, signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const others = new AbortController();
  let begun = 0;
  let failed = 0;
  let hasWon = false;
  let timer: NodeJS.Timeout | undefined;

  function end(): void {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    others.abort(signal.reason);
  }

  function giveUp(): void {
    begun = hosts.length;
    end();
    reject(signal.reason as Error);
  }

  function connectNext(): void {
    clearTimeout(timer);
    const host = hosts[begun];
    if (host === undefined) return;
    begun += 1;
    timer = setTimeout(connectNext, HEAD_START_MS).unref();
    connect(host, others.signal).then(
      (connection) => {
        if (hasWon || signal.aborted) return connection.close();
        hasWon = true;
        begun = hosts.length;
        end();
        resolve(connection);
      },
      (error: unknown) => {
        failed += 1;
        if (failed < hosts.length) return connectNext();
        end();
        reject(error);
      },
    );
  }

  if (signal.aborted) reject(signal.reason as Error);
  else {
    signal.addEventListener('abort', giveUp);
    connectNext();
  }
  return promise;
}
