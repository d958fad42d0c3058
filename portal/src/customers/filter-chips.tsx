import { Button, makeStyles, Tag, TagGroup } from "@fluentui/react-components";
import { texts } from "../texts.ts";
import { nameOfCountry } from "./format.ts";
import type { ListState } from "./list-state.ts";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", gap: "8px", alignItems: "center", marginBottom: "8px" },
  group: { display: "flex", flexWrap: "wrap", gap: "4px" },
});

interface Props {
  readonly state: ListState;
  readonly onState: (changed: Partial<ListState>) => void;
}

/** The filters that are set, each of which can be taken off. */
export function FilterChips({ state, onState }: Props) {
  const styles = useStyles();
  const chips = chipsOf(state);
  if (chips.length === 0) return null;
  const isLifecycle = (id: string): id is keyof typeof texts.lifecycle => id in texts.lifecycle;
  return (
    <div className={styles.row}>
      <TagGroup
        className={styles.group}
        aria-label={texts.customers.filters}
        onDismiss={(_, { value }) => onState(chips.find(({ id }) => id === value)?.without ?? {})}
      >
        {chips.map(({ id, label }) => (
          <Tag
            key={id}
            value={id}
            dismissible
            dismissIcon={{ "aria-label": texts.customers.takeOff }}
            shape="circular"
            size="small"
          >
            {isLifecycle(id) ? texts.lifecycle[id] : label}
          </Tag>
        ))}
      </TagGroup>
      <Button appearance="transparent" size="small" onClick={() => onState({ states: [], country: "", days: 0 })}>
        {texts.customers.takeOffAll}
      </Button>
    </div>
  );
}

function chipsOf({ states, country, days }: ListState) {
  return [
    ...states.map((each) => ({
      id: each,
      label: each,
      without: { states: states.filter((other) => other !== each) },
    })),
    ...(country === "" ? [] : [{ id: "country", label: nameOfCountry(country), without: { country: "" } }]),
    ...(days === 0 ? [] : [{ id: "days", label: texts.customers.span(days), without: { days: 0 } }]),
  ];
}
