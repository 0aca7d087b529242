/**
 * The tables of the inventory. `stock` counts the pieces of a SKU by where they are, and SQLite
 * itself refuses a row whose counts do not add up; `reservation` leaves HELD once, and for good.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE stock (
    sku      TEXT PRIMARY KEY,
    on_hand  INTEGER NOT NULL CHECK (on_hand >= 0),
    reserved INTEGER NOT NULL CHECK (reserved >= 0),
    shipped  INTEGER NOT NULL CHECK (shipped >= 0),
    received INTEGER NOT NULL,
    CHECK (on_hand + reserved + shipped = received)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE reservation (
    reservation_id TEXT PRIMARY KEY,
    state          TEXT NOT NULL CHECK (state IN ('HELD', 'COMMITTED', 'RELEASED', 'EXPIRED')),
    ttl_ms         INTEGER NOT NULL CHECK (ttl_ms > 0),
    expires_at_ms  INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX held_reservation_by_expiry ON reservation (expires_at_ms) WHERE state = 'HELD';

  CREATE TRIGGER reservation_ends_for_good BEFORE UPDATE ON reservation
  WHEN OLD.state <> 'HELD'
  BEGIN
    SELECT RAISE(ABORT, 'a reservation that has ended never changes');
  END;

  CREATE TABLE reservation_line (
    reservation_id TEXT NOT NULL REFERENCES reservation,
    position       INTEGER NOT NULL,
    sku            TEXT NOT NULL REFERENCES stock,
    quantity       INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (reservation_id, position),
    UNIQUE (reservation_id, sku)
  ) STRICT, WITHOUT ROWID;
  `,
];
