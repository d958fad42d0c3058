import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Radio,
  RadioGroup,
  Text,
} from "@fluentui/react-components";
import { useId, useState } from "react";
import { useCountryRules } from "../fields/country-rules.ts";
import { countryPath, labelOf, readable } from "../fields/customer-fields.ts";
import type { FieldValues } from "../fields/field-values.ts";
import { texts } from "../texts.ts";

const useStyles = makeStyles({ difference: { marginTop: "12px" } });

interface Props {
  readonly before: FieldValues;
  readonly mine: FieldValues;
  readonly theirs: FieldValues;
  /** Gives the values that were chosen, all of them. */
  readonly onResolve: (chosen: FieldValues) => void;
  readonly onCancel: () => void;
}

/** Shows what two people made of the same customer, and lets one of them choose, field by field. */
export function ConflictDialog({ before, mine, theirs, onResolve, onCancel }: Props) {
  const differing = Object.keys(mine).filter((path) => mine[path] !== theirs[path]);
  // Where only one of the two has changed something, the change is what was meant.
  const [chosen, setChosen] = useState<Readonly<Record<string, "mine" | "theirs">>>(() =>
    Object.fromEntries(differing.map((path) => [path, mine[path] === before[path] ? "theirs" : "mine"])),
  );
  const myRules = useCountryRules(mine[countryPath] ?? "");
  const theirRules = useCountryRules(theirs[countryPath] ?? "");
  const resolve = () => {
    const kept = differing.map((path) => [path, (chosen[path] === "theirs" ? theirs : mine)[path] ?? ""]);
    onResolve({ ...mine, ...Object.fromEntries(kept) });
  };
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onCancel()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{texts.conflict.title}</DialogTitle>
          <DialogContent>
            <Text as="p" block>
              {differing.length === 0 ? texts.conflict.same : texts.conflict.explanation}
            </Text>
            {differing.map((path) => (
              <Difference
                key={path}
                label={labelOf(path, myRules)}
                mine={readable(path, mine[path] ?? "", myRules)}
                theirs={readable(path, theirs[path] ?? "", theirRules)}
                chosen={chosen[path] ?? "mine"}
                onChoose={(which) => setChosen((now) => ({ ...now, [path]: which }))}
              />
            ))}
          </DialogContent>
          <DialogActions>
            <Button onClick={onCancel}>{texts.conflict.back}</Button>
            <Button appearance="primary" onClick={resolve}>
              {texts.conflict.save}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface DifferenceProps {
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
  readonly chosen: "mine" | "theirs";
  readonly onChoose: (which: "mine" | "theirs") => void;
}

function Difference({ label, mine, theirs, chosen, onChoose }: DifferenceProps) {
  const styles = useStyles();
  const id = useId();
  return (
    <div className={styles.difference}>
      <Text id={id} weight="semibold">
        {label}
      </Text>
      <RadioGroup
        aria-labelledby={id}
        value={chosen}
        onChange={(_, { value }) => onChoose(value === "theirs" ? "theirs" : "mine")}
      >
        <Radio value="mine" label={texts.conflict.mine(mine)} />
        <Radio value="theirs" label={texts.conflict.theirs(theirs)} />
      </RadioGroup>
    </div>
  );
}
