import { execFileSync } from 'node:child_process';

/** How much memory a process holds, in megabytes of 10^6 bytes. */
export function residentMb(pid: number): number {
  const kibibytes = Number(
    execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }),
  );
  return (kibibytes * 1024) / 1e6;
}
