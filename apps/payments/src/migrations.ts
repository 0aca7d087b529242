/**
 * The tables of the payments: the ledger (`account`, `ledger_transaction`, `entry`) and what it is
 * about (`payment`, `refund`). An account's balance is kept by a trigger from its entries, entries
 * are only ever added, only equity may fall below zero, and a key (`reference`) can be booked once
 * for each kind of transaction.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE account (
    account_id    TEXT PRIMARY KEY,
    kind          TEXT NOT NULL CHECK (kind IN ('CUSTOMER', 'HOLDS', 'SHOP', 'EQUITY')),
    currency      TEXT NOT NULL CHECK (length(currency) = 3),
    balance_minor INTEGER NOT NULL DEFAULT 0,
    CHECK (kind = 'EQUITY' OR balance_minor >= 0)
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX own_account_by_currency ON account (kind, currency)
  WHERE kind IN ('SHOP', 'EQUITY');

  CREATE TABLE ledger_transaction (
    transaction_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind           TEXT NOT NULL
      CHECK (kind IN ('OPENING', 'AUTHORIZE', 'CAPTURE', 'VOID', 'REFUND')),
    reference      TEXT NOT NULL,
    create_time_ms INTEGER NOT NULL,
    UNIQUE (kind, reference)
  ) STRICT;

  CREATE TABLE entry (
    transaction_id INTEGER NOT NULL REFERENCES ledger_transaction,
    account_id     TEXT NOT NULL REFERENCES account,
    amount_minor   INTEGER NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (transaction_id, account_id)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX entry_by_account ON entry (account_id);

  CREATE TRIGGER entry_moves_balance AFTER INSERT ON entry
  BEGIN
    UPDATE account SET balance_minor = balance_minor + NEW.amount_minor
    WHERE account_id = NEW.account_id;
  END;

  CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
  BEGIN
    SELECT RAISE(ABORT, 'a ledger entry never changes: post another transaction');
  END;

  CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
  BEGIN
    SELECT RAISE(ABORT, 'a ledger entry never goes: post another transaction');
  END;

  CREATE TABLE payment (
    payment_id     TEXT PRIMARY KEY,
    account_id     TEXT NOT NULL REFERENCES account,
    currency       TEXT NOT NULL,
    amount_minor   INTEGER NOT NULL CHECK (amount_minor > 0),
    refunded_minor INTEGER NOT NULL CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    state          TEXT NOT NULL
      CHECK (state IN ('AUTHORIZED', 'CAPTURED', 'VOIDED', 'REFUNDED')),
    create_time_ms INTEGER NOT NULL,
    CHECK ((state = 'REFUNDED') = (refunded_minor = amount_minor)),
    CHECK (refunded_minor = 0 OR state IN ('CAPTURED', 'REFUNDED'))
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE refund (
    refund_id    TEXT PRIMARY KEY,
    payment_id   TEXT NOT NULL REFERENCES payment,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0)
  ) STRICT, WITHOUT ROWID;
  `,
];
