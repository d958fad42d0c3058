import { Button, Field, Input, MessageBar, MessageBarBody, makeStyles, Text, Title3 } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { CustomerCredentials } from "../../../src/client/types.ts";
import { useApi } from "../api/api-context.tsx";
import { Failure } from "../shell/failure.tsx";
import { texts } from "../texts.ts";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "12px", maxWidth: "560px", marginTop: "24px" },
  title: { margin: 0 },
  start: { alignSelf: "flex-start" },
});

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
  return (
    <section className={styles.part} aria-labelledby="credentials">
      <Title3 as="h2" id="credentials" className={styles.title}>
        {texts.credentials.title}
      </Title3>
      {claim.data === undefined ? (
        <>
          <Text>{texts.credentials.once}</Text>
          {claim.error === null ? null : <Failure error={claim.error} />}
          <Button className={styles.start} disabledFocusable={claim.isPending} onClick={() => claim.mutate()}>
            {texts.credentials.claim}
          </Button>
        </>
      ) : (
        <>
          <MessageBar intent="warning" layout="multiline">
            <MessageBarBody>{texts.credentials.keep}</MessageBarBody>
          </MessageBar>
          <Copied label={texts.credentials.userName} value={claim.data.userName} />
          <Copied label={texts.credentials.password} value={claim.data.password} />
        </>
      )}
    </section>
  );
}

function Copied({ label, value }: { readonly label: string; readonly value: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <Field label={label}>
      <Input
        readOnly
        value={value}
        contentAfter={
          <Button
            appearance="transparent"
            size="small"
            icon={isCopied ? <CheckmarkRegular /> : <CopyRegular />}
            aria-label={isCopied ? texts.copied(label) : texts.copy(label)}
            onClick={copy}
          />
        }
      />
    </Field>
  );
}
