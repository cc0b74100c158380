import { jsonTokens } from '../json-tokens.ts';

/** A value as JSON, its names told from its values. */
export function JsonText({ value }: { value: unknown }) {
  const tokens = jsonTokens(JSON.stringify(value, null, 2));
  return (
    <pre>
      {tokens.map(({ kind, text }, index) =>
        kind === 'other' ? (
          text
        ) : (
          <span key={index} class={`json__${kind}`}>
            {text}
          </span>
        ),
      )}
    </pre>
  );
}
