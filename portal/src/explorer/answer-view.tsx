import { Badge, makeStyles, Subtitle2, Text } from "@fluentui/react-components";
import type { Answer } from "../api/api.ts";
import { texts } from "../texts.ts";
import { useCodeStyles } from "./code-styles.ts";

const useStyles = makeStyles({
  status: { display: "flex", gap: "12px", alignItems: "center", marginBottom: "12px" },
  title: { margin: "12px 0 0" },
});

/** An answer of the API as it came: status, time, headers and body. */
export function AnswerView({ answer }: { readonly answer: Answer & { readonly milliseconds: number } }) {
  const styles = useStyles();
  const code = useCodeStyles();
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  return (
    <section aria-label={texts.explorer.answer}>
      <div role="status" className={styles.status}>
        <Badge size="large" appearance="tint" color={answer.status < 400 ? "success" : "danger"}>
          {answer.status}
        </Badge>
        <Text>{texts.explorer.took(answer.milliseconds)}</Text>
      </div>
      <Subtitle2 as="h2" className={styles.title}>
        {texts.explorer.body}
      </Subtitle2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is long is scrolled by the keyboard too (WCAG 2.1.1) */}
      <pre className={code.block} tabIndex={0} data-part="body">
        {pretty(answer.text)}
      </pre>
      <Subtitle2 as="h2" className={styles.title}>
        {texts.explorer.headers}
      </Subtitle2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre className={code.block} tabIndex={0} data-part="headers">
        {headers}
      </pre>
    </section>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text === "" ? texts.explorer.noBody : text;
  }
}
