import type { Tariff } from './tariff.ts';
import { albatross } from './tariffs/albatross.ts';
import { ox } from './tariffs/ox.ts';
import { postal } from './tariffs/postal.ts';
import { stork } from './tariffs/stork.ts';
import { swift } from './tariffs/swift.ts';

/** Every carrier that the shop has a contract with, by id. All of them collect in 20457 Hamburg. */
export const tariffs: readonly Tariff[] = [albatross, ox, postal, stork, swift];
