import {
  Button,
  Field,
  Input,
  makeStyles,
  Select,
  Spinner,
  Tab,
  TabList,
  Text,
  Textarea,
} from "@fluentui/react-components";
import { SendRegular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { useApi } from "../api/api-context.tsx";
import { faultAt } from "../fields/faults.ts";
import { CopyButton } from "../shell/copy-button.tsx";
import { Failure } from "../shell/failure.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { useTabStyles } from "../shell/tab-styles.ts";
import { texts } from "../texts.ts";
import { AnswerView } from "./answer-view.tsx";
import { type ApiDocument, type KnownRequest, listRequests } from "./api-document.ts";
import { type Draft, encodePath, printClientCode, printCurl, printGraphCode } from "./code.ts";
import { useCodeStyles } from "./code-styles.ts";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "12px", minWidth: 0 },
  answer: { minWidth: 0 },
  line: { display: "flex", flexWrap: "wrap", gap: "8px", alignItems: "flex-end" },
  request: { width: "100%", minWidth: 0 },
  path: { flexGrow: 1, minWidth: "min(240px, 100%)" },
  parts: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(min(420px, 100%), 1fr))", gap: "24px" },
});

const firstRequest = "GET /customers";

/** Sends any request of the API, and shows what comes back and how to send the same from elsewhere. */
export function ExplorerPage() {
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ["openapi"],
    queryFn: async () => listRequests(await api.read<ApiDocument>("/openapi.json")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get("request") ?? firstRequest;
  const request = data?.find(({ id }) => id === wanted) ?? data?.[0];
  return (
    <>
      <PageHead title={texts.explorer.title} />
      {error === null ? null : <Failure error={error} onRetry={refetch} />}
      {error === null && data === undefined ? <Spinner label={texts.loading} /> : null}
      {request === undefined || data === undefined ? null : (
        // Another request begins with its own path and body.
        <RequestForm
          key={request.id}
          request={request}
          requests={data}
          onRequest={(id) => setParameters({ request: id })}
        />
      )}
    </>
  );
}

interface FormProps {
  readonly request: KnownRequest;
  readonly requests: readonly KnownRequest[];
  readonly onRequest: (id: string) => void;
}

function RequestForm({ request, requests, onRequest }: FormProps) {
  const styles = useStyles();
  const code = useCodeStyles();
  const api = useApi();
  const [path, setPath] = useState(request.path);
  const [headerLines, setHeaderLines] = useState("");
  const [body, setBody] = useState(request.body);
  const draft: Draft = { method: request.method, path, headers: parseHeaders(headerLines), body };
  const sending = useMutation({
    mutationFn: async () => {
      const began = performance.now();
      const answer = await api.send(encodePath(path), {
        method: draft.method,
        headers: draft.headers,
        ...(body === "" ? {} : { body: JSON.parse(body) }),
      });
      return { ...answer, milliseconds: Math.round(performance.now() - began) };
    },
  });
  const bodyFault = faultOf(body);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (bodyFault === undefined) sending.mutate();
  };
  return (
    <div className={styles.parts}>
      <form className={styles.form} onSubmit={submit}>
        <RequestSelect request={request} requests={requests} onRequest={onRequest} />
        <Text>{request.description}</Text>
        <div className={styles.line}>
          <Field label={`${request.method} /v1.0`} className={styles.path} hint={hintOf(path)}>
            <Input value={path} onChange={(_, { value }) => setPath(value)} className={code.mono} spellCheck={false} />
          </Field>
        </div>
        <Field label={texts.explorer.headers} hint={texts.explorer.headersHint}>
          <Textarea value={headerLines} onChange={(_, { value }) => setHeaderLines(value)} className={code.mono} />
        </Field>
        {request.body === "" ? null : (
          <Field label={texts.explorer.body} {...faultAt(bodyFault)}>
            <Textarea
              value={body}
              onChange={(_, { value }) => setBody(value)}
              rows={12}
              resize="vertical"
              className={code.mono}
              spellCheck={false}
            />
          </Field>
        )}
        <div>
          <Button type="submit" appearance="primary" icon={<SendRegular />} disabledFocusable={sending.isPending}>
            {texts.explorer.send}
          </Button>
        </div>
        <CodeView draft={draft} />
      </form>
      <div className={styles.answer}>
        {sending.error === null ? null : <Failure error={sending.error} />}
        {sending.data === undefined ? null : <AnswerView answer={sending.data} />}
      </div>
    </div>
  );
}

function RequestSelect({ request, requests, onRequest }: FormProps) {
  const styles = useStyles();
  const groups = [...new Set(requests.map(({ group }) => group))];
  return (
    <Field label={texts.explorer.request}>
      <Select
        className={styles.request}
        select={{ className: styles.request }}
        value={request.id}
        onChange={(_, { value }) => onRequest(value)}
      >
        {groups.map((group) => (
          <optgroup key={group} label={group}>
            {requests
              .filter((each) => each.group === group)
              .map(({ id, summary }) => (
                <option key={id} value={id}>
                  {texts.explorer.requestIn(id, summary)}
                </option>
              ))}
          </optgroup>
        ))}
      </Select>
    </Field>
  );
}

const printers = { curl: printCurl, client: printClientCode, graph: printGraphCode } as const;
type CodeForm = keyof typeof printers;
const codeForms: readonly CodeForm[] = ["curl", "client", "graph"];

function CodeView({ draft }: { readonly draft: Draft }) {
  const code = useCodeStyles();
  const tabStyles = useTabStyles();
  const [form, setForm] = useState<CodeForm>("curl");
  const printed = printers[form](location.origin, draft);
  return (
    <section aria-label={texts.explorer.code}>
      <TabList
        className={tabStyles.list}
        selectedValue={form}
        onTabSelect={(_, { value }) => setForm(codeForms.find((each) => each === value) ?? "curl")}
      >
        {codeForms.map((each) => (
          <Tab key={each} id={`code-${each}`} value={each} aria-controls="code">
            {texts.explorer.codeForms[each]}
          </Tab>
        ))}
      </TabList>
      <div id="code" role="tabpanel" aria-labelledby={`code-${form}`}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by the keyboard too (WCAG 2.1.1) */}
        <pre className={code.block} tabIndex={0}>
          {printed}
        </pre>
      </div>
      <CopyButton what={texts.explorer.codeToCopy} value={printed} />
    </section>
  );
}

function hintOf(path: string): string {
  return path.includes("{") ? texts.explorer.braces : texts.explorer.options;
}

function faultOf(body: string): string | undefined {
  if (body === "") return undefined;
  try {
    JSON.parse(body);
    return undefined;
  } catch (error) {
    return texts.explorer.noJson(error instanceof Error ? error.message : "");
  }
}

// One header a line; a line without a colon is not finished yet.
function parseHeaders(lines: string): Readonly<Record<string, string>> {
  const parts = lines.split("\n").map((line) => /^\s*([\w-]+)\s*:\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(parts.flatMap((part) => (part === null ? [] : [[part[1] ?? "", part[2] ?? ""]])));
}
