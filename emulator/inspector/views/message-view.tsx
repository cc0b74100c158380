import { Copy } from 'lucide';
import { useId } from 'preact/hooks';
import { Icon } from '../../../ui/icon.tsx';
import { JsonText, prettyJson } from '../../../ui/json-text.tsx';
import type { Body, Entry, Headers } from '../../traffic/entry.ts';
import { byteSize } from '../amounts.ts';
import { type NccoStep, nccoIn } from '../ncco-steps.ts';
import { usePage } from './context.ts';

/** What was asked. */
export function RequestPart({ entry }: { entry: Entry }) {
  const { strings } = usePage();
  const words = strings.request;
  const parameters = [...(URL.parse(entry.url)?.searchParams ?? [])];
  const { headers, body } = entry.request;
  return (
    <section class="part">
      <h3>{words.sentPart}</h3>
      {parameters.length > 0 && <Pairs title={words.parameters} pairs={parameters} />}
      {body ? <BodyView body={body} /> : parameters.length === 0 && <p class="none">{words.noBody}</p>}
      <HeadersView headers={headers} />
    </section>
  );
}

/** What was answered. */
export function AnswerPart({ entry }: { entry: Entry }) {
  const { strings } = usePage();
  const words = strings.request;
  const { response, error, took } = entry;
  return (
    <section class="part">
      <h3>{words.answerPart}</h3>
      {response?.body && <BodyView body={response.body} />}
      {response && !response.body && <p class="none">{words.noBody}</p>}
      {response && <HeadersView headers={response.headers} />}
      {!response && took === null && <p class="none">{words.noResponseYet}</p>}
      {!response && error !== null && (
        <p class="none">
          {words.noResponse} {error}.
        </p>
      )}
    </section>
  );
}

function BodyView({ body }: { body: Body }) {
  const { copy, strings } = usePage();
  const words = strings.request;
  if (body.text === null) return <p class="none">{words.binary(byteSize(body.bytes))}</p>;
  const text = prettyJson(body.text);
  const steps = nccoIn(body.text);
  return (
    <>
      {steps && <NccoView steps={steps} />}
      <div class="body">
        <button type="button" class="button body-copy" onClick={() => copy(text)}>
          <Icon icon={Copy} />
          {words.copy}
        </button>
        <JsonText text={text} />
      </div>
      {body.isCut && <p class="none">{words.cut(byteSize(body.bytes))}</p>}
    </>
  );
}

function NccoView({ steps }: { steps: NccoStep[] }) {
  const { strings } = usePage();
  const title = useId();
  return (
    <>
      <h4 id={title}>{strings.request.ncco}</h4>
      <ol class="ncco" aria-labelledby={title}>
        {steps.map(({ action, what, options }, index) => (
          <li key={index}>
            <strong>{action}</strong> {what}{' '}
            {options.length > 0 && (
              <span class="ncco-options">
                {options.map(([name, value]) => (
                  <span key={name}>
                    {name} <code>{value}</code>
                  </span>
                ))}
              </span>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function HeadersView({ headers }: { headers: Headers }) {
  const { strings } = usePage();
  if (headers.length === 0) return null;
  return (
    <details class="headers">
      <summary>{strings.request.headers(headers.length)}</summary>
      <Pairs pairs={headers} />
    </details>
  );
}

/** Names and values, one below the other. */
export function Pairs({ pairs, title }: { pairs: Headers; title?: string }) {
  return (
    <dl class="pairs" aria-label={title}>
      {pairs.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
