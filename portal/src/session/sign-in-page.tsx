import {
  Button,
  Field,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Textarea,
  Title2,
  tokens,
} from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import { texts } from "../texts.ts";
import type { PortalConfig, SignIn } from "./portal-config.ts";
import { type Session, sessionOf } from "./session.ts";

const useStyles = makeStyles({
  page: {
    display: "grid",
    justifyItems: "center",
    alignContent: "start",
    boxSizing: "border-box",
    minHeight: "100vh",
    padding: "12vh 16px 16px",
    backgroundColor: tokens.colorNeutralBackground3,
  },
  card: {
    display: "flex",
    flexDirection: "column",
    gap: "16px",
    boxSizing: "border-box",
    width: "100%",
    maxWidth: "440px",
    padding: "32px 24px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow8,
  },
  form: { display: "flex", flexDirection: "column", gap: "12px" },
  title: { margin: 0 },
  start: { alignSelf: "flex-start" },
  rule: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, paddingTop: "16px" },
});

interface Props {
  readonly config: PortalConfig;
  /** Why there is no session, if something ended it. */
  readonly reason: string | undefined;
  readonly onSession: (session: Session) => void;
}

/** The page for whoever has not signed in. */
export function SignInPage({ config, reason, onSession }: Props) {
  const styles = useStyles();
  const { signIn } = config;
  return (
    <main className={styles.page}>
      <title>{texts.signIn.title}</title>
      <div className={styles.card}>
        <Title2 as="h1" className={styles.title}>
          {texts.signIn.title}
        </Title2>
        {reason === undefined ? null : (
          <MessageBar intent="warning" layout="multiline" politeness="assertive">
            <MessageBarBody>{reason}</MessageBarBody>
          </MessageBar>
        )}
        {signIn === undefined ? null : <IssuerButton signIn={signIn} />}
        {signIn !== undefined && !config.development ? null : (
          <div className={signIn === undefined ? undefined : styles.rule}>
            <TokenForm hint={config.development ? texts.signIn.developmentHint : undefined} onSession={onSession} />
          </div>
        )}
      </div>
    </main>
  );
}

function IssuerButton({ signIn }: { readonly signIn: SignIn }) {
  const [failure, setFailure] = useState<string>();
  const begin = async () => {
    try {
      const { beginSignIn } = await import("./oidc.ts");
      await beginSignIn(signIn, location.pathname + location.search);
    } catch (error) {
      setFailure(texts.signIn.failed(error instanceof Error ? error.message : String(error)));
    }
  };
  return (
    <>
      {failure === undefined ? null : (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>{failure}</MessageBarBody>
        </MessageBar>
      )}
      <Button appearance="primary" size="large" onClick={begin}>
        {texts.signIn.withIssuer(new URL(signIn.issuer).host)}
      </Button>
    </>
  );
}

function TokenForm(props: { readonly hint: string | undefined; readonly onSession: (session: Session) => void }) {
  const styles = useStyles();
  const [token, setToken] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== "") props.onSession(sessionOf(token.trim()));
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field label={texts.signIn.token} hint={props.hint ?? ""}>
        <Textarea value={token} onChange={(_, { value }) => setToken(value)} resize="vertical" rows={4} />
      </Field>
      <Button type="submit" appearance="primary" className={styles.start}>
        {texts.signIn.withToken}
      </Button>
    </form>
  );
}
