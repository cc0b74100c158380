export interface KeyListProps {
  /** Keys, and what each of them does. */
  list: readonly (readonly [keys: readonly string[], meaning: string])[];
}

/** Keys and what they do, one below the other. */
export function KeyList({ list }: KeyListProps) {
  return (
    <dl class="key-list">
      {list.map(([keys, meaning]) => (
        <div key={meaning + keys.join()} class="key-list__item">
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
