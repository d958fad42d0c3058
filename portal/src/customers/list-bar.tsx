import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItemCheckbox,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  SearchBox,
} from "@fluentui/react-components";
import { ColumnTripleRegular, FilterRegular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import { texts } from "../texts.ts";
import { columns } from "./columns.tsx";
import { CountrySelect } from "./country-select.tsx";
import type { ListPreferences } from "./list-preferences.ts";
import type { ListState } from "./list-state.ts";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", gap: "8px", marginBottom: "8px", alignItems: "center" },
  country: { maxWidth: "min(240px, 100%)" },
  search: { flexGrow: 1, minWidth: "200px", maxWidth: "480px" },
});

const searchPauseMilliseconds = 200;
const filterStates = ["active", "provisioning", "failed", "suspended", "removing", "removed"] as const;
const spansInDays = [1, 7, 30, 90] as const;

interface Props {
  readonly state: ListState;
  readonly onState: (changed: Partial<ListState>) => void;
  readonly preferences: ListPreferences;
  readonly onPreferences: (changed: Partial<ListPreferences>) => void;
}

/** What the list shows, and how: search, filters, columns and density. */
export function ListBar({ state, onState, preferences, onPreferences }: Props) {
  const styles = useStyles();
  return (
    <search className={styles.bar}>
      <SearchField search={state.search} onSearch={(search) => onState({ search })} />
      <FilterMenu state={state} onState={onState} />
      <CountrySelect
        className={styles.country}
        label={texts.customers.countryFilter}
        all={texts.customers.allCountries}
        value={state.country}
        onChange={(country) => onState({ country })}
      />
      <ViewMenu preferences={preferences} onPreferences={onPreferences} />
    </search>
  );
}

function SearchField({ search, onSearch }: { readonly search: string; readonly onSearch: (search: string) => void }) {
  const styles = useStyles();
  const [text, setText] = useState(search);
  useEffect(() => setText(search), [search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed starts the pause anew
  useEffect(() => {
    if (text.trim() === search) return;
    const timer = setTimeout(() => onSearch(text.trim()), searchPauseMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <SearchBox
      className={styles.search}
      value={text}
      onChange={(_, { value }) => setText(value)}
      placeholder={texts.customers.search}
      aria-label={texts.customers.search}
      dismiss={{ "aria-label": texts.customers.clearSearch }}
    />
  );
}

function FilterMenu({ state, onState }: Pick<Props, "state" | "onState">) {
  return (
    <Menu
      checkedValues={{ states: [...state.states], days: [String(state.days)] }}
      onCheckedValueChange={(_, { name, checkedItems }) =>
        onState(name === "states" ? { states: checkedItems } : { days: Number(checkedItems[0] ?? 0) })
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<FilterRegular />}>{texts.customers.filter}</Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{texts.customers.columns.state}</MenuGroupHeader>
            {filterStates.map((each) => (
              <MenuItemCheckbox key={each} name="states" value={each}>
                {texts.lifecycle[each]}
              </MenuItemCheckbox>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{texts.customers.columns.created}</MenuGroupHeader>
            {[0, ...spansInDays].map((each) => (
              <MenuItemRadio key={each} name="days" value={String(each)}>
                {texts.customers.span(each)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function ViewMenu({ preferences, onPreferences }: Pick<Props, "preferences" | "onPreferences">) {
  const [, ...optional] = columns;
  return (
    <Menu
      checkedValues={{ columns: [...preferences.columns], density: [preferences.density] }}
      onCheckedValueChange={(_, { name, checkedItems }) =>
        onPreferences(
          name === "columns"
            ? { columns: checkedItems }
            : { density: checkedItems[0] === "compact" ? "compact" : "comfortable" },
        )
      }
    >
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<ColumnTripleRegular />}>{texts.customers.view}</Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{texts.customers.columnsTitle}</MenuGroupHeader>
            {optional.map(({ id, label }) => (
              <MenuItemCheckbox key={id} name="columns" value={id}>
                {label}
              </MenuItemCheckbox>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{texts.customers.densityTitle}</MenuGroupHeader>
            {(["comfortable", "compact"] as const).map((each) => (
              <MenuItemRadio key={each} name="density" value={each}>
                {texts.customers.density[each]}
              </MenuItemRadio>
            ))}
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
