import type { Product } from '@trivium/contracts/shop/catalog/v1/catalog';
import type { Line } from '@trivium/contracts/shop/type/v1/line';
import type { Parcel } from '@trivium/contracts/shop/type/v1/parcel';

/**
 * The one box for everything: as long and as wide as the largest piece asks, and as high as the volume of all pieces
 * asks. `products` are those of the lines, in their order.
 */
export function packParcel(lines: readonly Line[], products: readonly Product[]): Parcel {
  const pieces = lines.map(({ quantity }, index) => {
    const { weightGrams = 0, dimensions } = products[index] ?? {};
    const sides = [dimensions?.lengthMm ?? 0, dimensions?.widthMm ?? 0, dimensions?.heightMm ?? 0];
    const [length = 0, width = 0, height = 0] = sides.sort((a, b) => b - a);
    return { quantity, weightGrams, length, width, height };
  });
  const lengthMm = Math.max(...pieces.map(({ length }) => length));
  const widthMm = Math.max(...pieces.map(({ width }) => width));
  const volume = pieces.reduce(
    (sum, { quantity, length, width, height }) => sum + quantity * length * width * height,
    0,
  );
  return {
    weightGrams: pieces.reduce((sum, piece) => sum + piece.quantity * piece.weightGrams, 0),
    dimensions: {
      lengthMm,
      widthMm,
      heightMm: Math.max(
        ...pieces.map(({ height }) => height),
        Math.ceil(volume / (lengthMm * widthMm)),
      ),
    },
  };
}
