/** What a figure has to be. */
export interface Goal {
  /** The figure's name, as the bench reports it. */
  readonly figure: string;
  /** The most that it may be, in the figure's own unit. */
  readonly atMost: number;
}

/** The goals of every bench. */
export const goals: Readonly<Record<string, readonly Goal[]>> = {
  shop: [
    { figure: 'npm start to the first drawn call, s', atMost: 8 },
    { figure: 'a service listening, slowest median, s', atMost: 1.5 },
    { figure: 'a service idle, largest median resident, MB', atMost: 120 },
    { figure: 'quote wall / its longest chain, carriers as over the internet', atMost: 1.25 },
    { figure: 'quote wall / its longest chain, carriers at once', atMost: 1.25 },
  ],
};
