/** When a queue is open, in wall time. */
export interface Hours {
  /** IANA name. */
  zone: string;
  /** Intervals `HH:MM–HH:MM` by weekday, Monday first. */
  week: readonly (readonly Interval[])[];
  /** By date `YYYY-MM-DD`; empty: closed all day. */
  exceptions: Readonly<Record<string, readonly Interval[]>>;
}

/** Minutes since midnight; `to` up to 1440. */
export interface Interval {
  from: number;
  to: number;
}
