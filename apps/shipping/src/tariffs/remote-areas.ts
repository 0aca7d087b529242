import type { Area } from '../area.ts';

/** The German islands that no road reaches. */
export const germanIslands: readonly Area[] = [
  'DE:18565', // Hiddensee
  'DE:25849', // Pellworm
  'DE:25859', // Hooge
  'DE:25863', // Langeneß
  'DE:25869', // Gröde
  'DE:25938', // Föhr
  'DE:25946', // Amrum
  'DE:2598', // Sylt
  'DE:2599', // Sylt
  'DE:26465', // Langeoog
  'DE:26474', // Spiekeroog
  'DE:26486', // Wangerooge
  'DE:26548', // Norderney
  'DE:26571', // Juist
  'DE:26579', // Baltrum
  'DE:26757', // Borkum
  'DE:27498', // Helgoland
];

/** Islands of the European Union that are reached by sea or air. */
export const europeanIslands: readonly Area[] = [
  'ES:07', // Balearic Islands
  'FI:22', // Åland
  'FR:20', // Corsica
  'GR:7', // Crete
  'GR:8', // Aegean islands
  'GR:49', // Corfu
  'IT:07', // Sardinia
  'IT:08', // Sardinia
  'IT:09', // Sardinia
  'IT:9', // Sicily
  'PT:9', // Azores and Madeira
  'SE:62', // Gotland
];

/** Parts of countries of the European Union that lie outside its customs or tax territory. */
export const outsideTaxTerritory: readonly Area[] = [
  'DE:27498', // Helgoland
  'DE:78266', // Büsingen
  'ES:35', // Las Palmas
  'ES:38', // Santa Cruz de Tenerife
  'ES:51', // Ceuta
  'ES:52', // Melilla
  'FR:97', // overseas departments
  'FR:98', // overseas territories
  'IT:23041', // Livigno
];

/** The British islands beyond the mainland of Scotland. */
export const scottishIslands: readonly Area[] = [
  'GB:HS', // Hebrides
  'GB:KW15', // Orkney
  'GB:KW16', // Orkney
  'GB:KW17', // Orkney
  'GB:ZE', // Shetland
];

/** The states of the USA that lie far from the others. */
export const outlyingStates: readonly Area[] = [
  'US:967', // Hawaii
  'US:968', // Hawaii
  'US:995', // Alaska
  'US:996', // Alaska
  'US:997', // Alaska
  'US:998', // Alaska
  'US:999', // Alaska
];
