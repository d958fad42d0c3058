import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, Text, Title3 } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import type { CustomerCredentials } from "../../../src/client/types.ts";
import { useApi } from "../api/api-context.tsx";
import { CopyButton } from "../shell/copy-button.tsx";
import { Failure } from "../shell/failure.tsx";
import { texts } from "../texts.ts";

const useStyles = makeStyles({
  part: {
    display: "flex",
    flexDirection: "column",
    gap: "12px",
    maxWidth: "560px",
    marginTop: "24px",
    outlineStyle: "none",
  },
  title: { margin: 0 },
  start: { alignSelf: "flex-start" },
});

const words = texts.credentials;

/** The credentials of a new tenant: claimed once, shown until the page is left, and kept nowhere. */
export function Credentials({ operationId }: { readonly operationId: string }) {
  const styles = useStyles();
  const api = useApi();
  const claim = useMutation({
    mutationFn: () =>
      api.read<CustomerCredentials>(`/customerCreationOperations/${operationId}/claimCredentials`, {
        method: "POST",
        body: {},
      }),
    gcTime: 0,
  });
  const part = useRef<HTMLElement>(null);
  // The button is gone then, and what it brought stands here.
  const focusPart = () => part.current?.focus();
  return (
    <section ref={part} tabIndex={-1} className={styles.part} aria-labelledby="credentials">
      <Title3 as="h2" id="credentials" className={styles.title}>
        {words.title}
      </Title3>
      {claim.data === undefined ? (
        <>
          <Text>{words.once}</Text>
          {claim.error === null ? null : <Failure error={claim.error} />}
          <Button
            className={styles.start}
            disabledFocusable={claim.isPending}
            onClick={() => claim.mutate(undefined, { onSuccess: focusPart })}
          >
            {words.claim}
          </Button>
        </>
      ) : (
        <>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{words.keep}</MessageBarBody>
          </MessageBar>
          <Copied label={words.userName} what={words.userNameToCopy} value={claim.data.userName} />
          <Copied label={words.password} what={words.passwordToCopy} value={claim.data.password} />
        </>
      )}
    </section>
  );
}

interface CopiedProps {
  readonly label: string;
  readonly what: string;
  readonly value: string;
}

function Copied({ label, what, value }: CopiedProps) {
  return (
    <Field label={label}>
      <Input readOnly value={value} contentAfter={<CopyButton what={what} value={value} within="field" />} />
    </Field>
  );
}
