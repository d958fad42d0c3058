import { Button, Field, type FieldProps, Input, makeStyles } from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { DomainAvailability } from "../../../src/client/types.ts";
import { literal } from "../api/api.ts";
import { useApi } from "../api/api-context.tsx";
import { domainPath } from "../fields/customer-fields.ts";
import { texts } from "../texts.ts";

const useStyles = makeStyles({
  field: { maxWidth: "480px", marginBottom: "20px" },
  alternatives: {
    display: "flex",
    flexWrap: "wrap",
    gap: "8px",
    margin: "8px 0 0",
    alignItems: "center",
    border: "none",
    padding: 0,
  },
});

const pauseMilliseconds = 300;

interface Props {
  readonly value: string;
  readonly fault: string | undefined;
  readonly onChange: (domain: string) => void;
}

/** The domain of a new customer. While it is typed the server is asked whether it is free, and what else would be. */
export function DomainField({ value, fault, onChange }: Props) {
  const styles = useStyles();
  const availability = useAvailability(value.trim());
  const isCurrent = availability?.domain === value.trim().toLowerCase();
  return (
    <div className={styles.field}>
      <Field label={texts.fields.labels.domain} required {...stateOf(isCurrent ? availability : undefined, fault)}>
        <Input
          name={domainPath}
          value={value}
          autoComplete="off"
          spellCheck={false}
          placeholder={texts.wizard.domainExample}
          onChange={(_, typed) => onChange(typed.value)}
        />
      </Field>
      {availability === undefined || availability.alternatives.length === 0 || value === "" ? null : (
        <fieldset className={styles.alternatives}>
          <legend>{texts.wizard.alternatives}</legend>
          {availability.alternatives.map((each) => (
            <Button key={each} size="small" shape="circular" onClick={() => onChange(each)}>
              {each}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function stateOf(
  availability: DomainAvailability | undefined,
  fault: string | undefined,
): Pick<FieldProps, "validationState" | "validationMessage"> {
  if (availability?.availability === "available" && fault === undefined) {
    return { validationState: "success", validationMessage: texts.wizard.isFree(availability.domain) };
  }
  const message = availability?.message ?? fault;
  return message === undefined ? {} : { validationState: "error", validationMessage: message };
}

function useAvailability(domain: string): DomainAvailability | undefined {
  const api = useApi();
  const [asked, setAsked] = useState(domain);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(domain), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [domain]);
  const path = `/customerCreationOperations/checkDomainAvailability(domain=${encodeURIComponent(literal(asked))})`;
  const { data } = useQuery({
    queryKey: ["domain", asked],
    queryFn: ({ signal }) => api.read<DomainAvailability>(path, { signal }),
    enabled: asked !== "",
    placeholderData: keepPreviousData,
  });
  return domain === "" ? undefined : data;
}
