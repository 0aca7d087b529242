import type { Database } from '@trivium/sqlite';
import { receive } from './stock.ts';

/**
 * The pieces that a new inventory starts with: little of what is dear or bulky, nothing of
 * `SCALE-BRASS-05`, which is sold out, and a warehouse full of `TWINE-JUTE-500`, which load tests
 * may buy.
 */
export const openingStock: Readonly<Record<string, number>> = {
  'BOARD-BEECH-01': 240,
  'JAR-FERMENT-10': 41,
  'KETTLE-STOVE-18': 124,
  'KNIFE-CHEF-20': 160,
  'MILL-PEPPER-21': 185,
  'PAN-IRON-28': 135,
  'POT-ENAMEL-05': 92,
  'SCALE-BRASS-05': 0,
  'BOWL-SOUP-04': 175,
  'CARAFE-CORK-01': 210,
  'CUTLERY-OLIVE-24': 48,
  'GLASS-WATER-06': 330,
  'MUG-STONE-01': 960,
  'MUG-STONE-02': 880,
  'PLATE-DINNER-04': 205,
  'TEAPOT-IRON-08': 72,
  'BEANBAG-WOOL-01': 17,
  'BLANKET-WOOL-01': 96,
  'CURTAIN-LINEN-01': 118,
  'CUSHION-FELT-45': 190,
  'DUVET-DOWN-220': 22,
  'PILLOW-SPELT-40': 155,
  'RUG-JUTE-240': 13,
  'TOWEL-LINEN-02': 315,
  'CANDLE-BEES-06': 620,
  'LAMP-DESK-01': 67,
  'LAMP-FLOOR-02': 19,
  'LAMP-PAPER-60': 145,
  'LANTERN-STORM-01': 100,
  'STRING-LED-20': 280,
  'TORCH-HEAD-01': 195,
  'BASKET-WILLOW-02': 52,
  'BOX-FELT-03': 130,
  'CRATE-PINE-03': 140,
  'HOOK-OAK-05': 88,
  'SHELF-WALL-90': 76,
  'TIN-BREAD-01': 99,
  'TRUNK-CEDAR-01': 8,
  'BASE-GRANITE-28': 14,
  'CAN-ZINC-09': 84,
  'FIREBOWL-STEEL-80': 9,
  'HOSE-RUBBER-25': 57,
  'PARASOL-TEAK-35': 6,
  'POT-CLAY-30': 170,
  'SHEARS-PRUNE-01': 148,
  'SPADE-ASH-01': 81,
  'BAG-SLEEP-05': 38,
  'COOLER-WOOL-20': 26,
  'FLASK-STEEL-10': 260,
  'MAT-FOAM-01': 220,
  'MUG-ENAMEL-01': 1450,
  'ROPE-HEMP-20': 230,
  'STOVE-SPIRIT-01': 59,
  'TENT-RIDGE-02': 12,
  'AXE-SPLIT-25': 46,
  'BENCH-FOLD-01': 11,
  'CLAMP-BAR-02': 73,
  'OIL-LINSEED-05': 410,
  'PLANE-BLOCK-01': 34,
  'SAW-BOW-76': 64,
  'STONE-WATER-01': 110,
  'TWINE-JUTE-500': 25_000,
};

/** Puts the opening stock on the shelves, in one transaction, unless there is any stock already. */
export function stockShelves(db: Database): Promise<void> {
  return db.write((sql) => {
    if (sql.get('SELECT sku FROM stock LIMIT 1')) return;
    receive(
      sql,
      Object.entries(openingStock).map(([sku, quantity]) => ({ sku, quantity })),
    );
  });
}
