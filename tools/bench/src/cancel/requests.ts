/** What the caller asks for when it will have left before the answer. */
export const HELD = 'HELD';
/** What it asks for when it waits for the answer. */
export const INNOCENT = 'INNOCENT';
/** How long an innocent call takes, in milliseconds. */
export const INNOCENT_MS = 20;
/** After how long a caller leaves, in milliseconds: cancels, or finds that its time is over. */
export const PATIENCE_MS = 5;
