import {
  Button,
  Link as FluentLink,
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  mergeClasses,
  Text,
  tokens,
} from "@fluentui/react-components";
import { NavigationRegular, PersonRegular } from "@fluentui/react-icons";
import { type ReactNode, useEffect, useRef } from "react";
import { NavLink, useLocation, useNavigate } from "react-router";
import type { Session } from "../session/session.ts";
import { texts } from "../texts.ts";
import type { Appearance } from "../theme.ts";
import { destinations } from "./destinations.tsx";
import { focusMain, mainId } from "./main-focus.ts";

const wide = "@media (min-width: 900px)";

const useStyles = makeStyles({
  frame: {
    display: "grid",
    gridTemplate: `"header" 48px "main" 1fr / minmax(0, 1fr)`,
    minHeight: "100vh",
    [wide]: { gridTemplate: `"header header" 48px "rail main" 1fr / 208px minmax(0, 1fr)` },
  },
  skip: {
    position: "absolute",
    left: "8px",
    top: "-48px",
    zIndex: 10,
    padding: "8px 12px",
    backgroundColor: tokens.colorNeutralBackground1,
    ":focus": { top: "4px" },
  },
  header: {
    gridArea: "header",
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "0 12px",
    backgroundColor: tokens.colorBrandBackground,
    color: tokens.colorNeutralForegroundOnBrand,
  },
  onBrand: {
    color: tokens.colorNeutralForegroundOnBrand,
    ":hover": { color: tokens.colorNeutralForegroundOnBrand, backgroundColor: tokens.colorBrandBackgroundHover },
    ":hover:active": { color: tokens.colorNeutralForegroundOnBrand },
  },
  narrowOnly: { [wide]: { display: "none" } },
  space: { flexGrow: 1 },
  rail: {
    gridArea: "rail",
    display: "none",
    padding: "12px 8px",
    backgroundColor: tokens.colorNeutralBackground2,
    [wide]: { display: "block" },
  },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "grid", gap: "2px" },
  destination: {
    display: "flex",
    alignItems: "center",
    gap: "10px",
    padding: "8px 10px",
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    ":hover": { backgroundColor: tokens.colorNeutralBackground2Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
    '&[aria-current="page"]': {
      backgroundColor: tokens.colorNeutralBackground2Selected,
      fontWeight: tokens.fontWeightSemibold,
    },
  },
  main: { gridArea: "main", padding: "16px", outlineStyle: "none", [wide]: { padding: "24px 32px" } },
});

interface Props {
  readonly session: Session;
  readonly appearance: Appearance;
  readonly onAppearance: (appearance: Appearance) => void;
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}

/** The frame of every page: the name, the way to the others, and who is signed in. */
export function Shell({ children, ...menu }: Props) {
  const styles = useStyles();
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    // Who listens to the page must learn that it is another one (WAI-ARIA practice for pages without reloading).
    if (before.current !== pathname) focusMain();
    before.current = pathname;
  }, [pathname]);
  return (
    <div className={styles.frame}>
      <FluentLink className={styles.skip} href={`#${mainId}`}>
        {texts.shell.skip}
      </FluentLink>
      <header className={styles.header}>
        <NarrowNavigation />
        <Text weight="semibold" size={400}>
          {texts.shell.name}
        </Text>
        <div className={styles.space} />
        <PersonMenu {...menu} />
      </header>
      <nav className={styles.rail} aria-label={texts.shell.navigation}>
        <ul className={styles.list}>
          {destinations.map(({ path, label, Icon }) => (
            <li key={path}>
              <NavLink to={path} end={path === "/"} className={styles.destination}>
                <Icon aria-hidden fontSize={20} />
                {label}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <main id={mainId} tabIndex={-1} className={styles.main}>
        {children}
      </main>
    </div>
  );
}

function NarrowNavigation() {
  const styles = useStyles();
  const navigate = useNavigate();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="transparent"
          className={mergeClasses(styles.onBrand, styles.narrowOnly)}
          icon={<NavigationRegular />}
          aria-label={texts.shell.navigation}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {destinations.map(({ path, label, Icon }) => (
            <MenuItem key={path} icon={<Icon />} onClick={() => navigate(path)}>
              {label}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function PersonMenu({ session, appearance, onAppearance, onSignOut }: Omit<Props, "children">) {
  const styles = useStyles();
  const choices: readonly Appearance[] = ["system", "light", "dark"];
  return (
    <Menu
      checkedValues={{ appearance: [appearance] }}
      onCheckedValueChange={(_, { checkedItems }) => {
        const chosen = choices.find((each) => each === checkedItems[0]);
        if (chosen !== undefined) onAppearance(chosen);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="transparent"
          className={styles.onBrand}
          icon={<PersonRegular />}
          aria-label={texts.shell.person(session.name)}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {choices.map((each) => (
            <MenuItemRadio key={each} name="appearance" value={each}>
              {texts.shell.appearance[each]}
            </MenuItemRadio>
          ))}
          <MenuDivider />
          <MenuItem onClick={onSignOut}>{texts.shell.signOut(session.name)}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
