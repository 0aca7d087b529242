import { type StatsListener, unwatchFile, watchFile } from 'node:fs';

/**
 * Runs the listener whenever a file has another content or is another file, within about half a second. By asking again
 * and again: so it also holds for files that are replaced, linked to, or on a network. Returns what ends it.
 */
export function watchForChanges(path: string, listener: () => void): () => void {
  const onStats: StatsListener = (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) {
      listener();
    }
  };
  watchFile(path, { interval: 500, persistent: false }, onStats);
  return () => unwatchFile(path, onStats);
}
