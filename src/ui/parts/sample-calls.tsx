import { useState } from 'preact/hooks';
import { shellWord } from '../../words/shell-word.ts';
import { CopyButton } from './copy-button.tsx';

/** A call of a model, in words of whoever makes it. */
export interface Call {
  /** Where calls of models go, without a path; empty: it is not known. */
  readonly gatewayUrl: string;
  /** Undefined: it is not known, so a placeholder stands for it. */
  readonly accessKey?: string | undefined;
  readonly apiKey?: string | undefined;
}

const languages = ['curl', 'Python', 'JavaScript', 'R'] as const;
type Language = (typeof languages)[number];

/** The call ready to be copied, in the four languages that data scientists use here. */
export function SampleCalls({ call }: { call: Call }) {
  const [language, setLanguage] = useState<Language>('curl');
  const text = samples[language](filledIn(call));
  return (
    <section class="samples" aria-label="Sample call">
      <div class="shortcuts">
        {languages.map(each => (
          <button key={each} type="button" aria-pressed={each === language} onClick={() => setLanguage(each)}>
            {each}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} what={`the ${language} call`} />
    </section>
  );
}

interface FilledCall {
  readonly url: string;
  readonly accessKey: string;
  readonly apiKey: string | undefined;
}

function filledIn({ gatewayUrl, accessKey = 'ACCESS_KEY_OF_THE_MODEL', apiKey }: Call): FilledCall {
  return { url: `${(gatewayUrl || 'http://GATEWAY').replace(/\/$/, '')}/model`, accessKey, apiKey };
}

/** Keys hold nothing that any of these languages reads as more than text; an address was set by somebody, so it is quoted. */
const samples: Readonly<Record<Language, (call: FilledCall) => string>> = {
  curl: ({ url, accessKey, apiKey }) =>
    [
      `curl ${shellWord(url)}`,
      ...(apiKey === undefined ? [] : [`  -H 'authorization: Bearer ${apiKey}'`]),
      `  -H 'content-type: application/json'`,
      `  -d '{"accessKey":"${accessKey}","request":{}}'`,
    ].join(' \\\n'),
  Python: ({ url, accessKey, apiKey }) =>
    [
      'import requests',
      '',
      'answer = requests.post(',
      `    ${JSON.stringify(url)},`,
      ...(apiKey === undefined ? [] : [`    headers={"authorization": "Bearer ${apiKey}"},`]),
      `    json={"accessKey": "${accessKey}", "request": {}},`,
      ')',
      'print(answer.status_code, answer.json())',
    ].join('\n'),
  JavaScript: ({ url, accessKey, apiKey }) =>
    [
      `const answer = await fetch(${JSON.stringify(url)}, {`,
      "  method: 'POST',",
      '  headers: {',
      ...(apiKey === undefined ? [] : [`    authorization: 'Bearer ${apiKey}',`]),
      "    'content-type': 'application/json',",
      '  },',
      `  body: JSON.stringify({ accessKey: '${accessKey}', request: {} }),`,
      '});',
      'console.log(answer.status, await answer.json());',
    ].join('\n'),
  R: ({ url, accessKey, apiKey }) =>
    [
      'library(httr2)',
      '',
      `answer <- request(${JSON.stringify(url)}) |>`,
      ...(apiKey === undefined ? [] : [`  req_auth_bearer_token("${apiKey}") |>`]),
      `  req_body_json(list(accessKey = "${accessKey}", request = setNames(list(), character()))) |>`,
      '  req_error(is_error = \\(answer) FALSE) |>',
      '  req_perform()',
      'print(resp_status(answer))',
      'print(resp_body_string(answer))',
    ].join('\n'),
};
