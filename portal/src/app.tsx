import { FluentProvider, Spinner } from "@fluentui/react-components";
import { lazy, Suspense, use, useMemo, useState } from "react";
import { BrowserRouter, Route, Routes, useLocation } from "react-router";
import { createApi } from "./api/api.ts";
import { ApiProvider } from "./api/api-context.tsx";
import { CustomersPage } from "./customers/customers-page.tsx";
import type { Beginning } from "./session/begin.ts";
import { forgetSession, keepSession, type Session } from "./session/session.ts";
import { SignInPage } from "./session/sign-in-page.tsx";
import { Boundary } from "./shell/boundary.tsx";
import { NotFoundPage } from "./shell/not-found-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { texts } from "./texts.ts";
import { type Appearance, useAppearance } from "./theme.ts";

const CustomerPage = lazy(async () => ({ default: (await import("./customers/customer-page.tsx")).CustomerPage }));
const EditPage = lazy(async () => ({ default: (await import("./customers/edit-page.tsx")).EditPage }));
const AddCustomerPage = lazy(async () => ({
  default: (await import("./wizard/add-customer-page.tsx")).AddCustomerPage,
}));
const OperationsPage = lazy(async () => ({
  default: (await import("./operations/operations-page.tsx")).OperationsPage,
}));
const OperationPage = lazy(async () => ({ default: (await import("./operations/operation-page.tsx")).OperationPage }));
const SubscriptionsPage = lazy(async () => ({
  default: (await import("./subscriptions/subscriptions-page.tsx")).SubscriptionsPage,
}));
const SubscribePage = lazy(async () => ({
  default: (await import("./subscriptions/subscribe-page.tsx")).SubscribePage,
}));
const SubscriptionPage = lazy(async () => ({
  default: (await import("./subscriptions/subscription-page.tsx")).SubscriptionPage,
}));
const DashboardPage = lazy(async () => ({ default: (await import("./dashboard/dashboard-page.tsx")).DashboardPage }));
const ExplorerPage = lazy(async () => ({ default: (await import("./explorer/explorer-page.tsx")).ExplorerPage }));

/** The portal in its colours, as soon as it is known how people sign in. */
export function App({ beginning }: { readonly beginning: Promise<Beginning> }) {
  const { theme, ...colours } = useAppearance();
  return (
    <FluentProvider theme={theme}>
      <Boundary within="nothing">
        <Suspense fallback={null}>
          <Door beginning={beginning} {...colours} />
        </Suspense>
      </Boundary>
    </FluentProvider>
  );
}

interface DoorProps {
  readonly beginning: Promise<Beginning>;
  readonly appearance: Appearance;
  readonly choose: (appearance: Appearance) => void;
}

/** The pages for whoever is signed in, and the sign-in for everyone else. */
function Door({ beginning, appearance, choose }: DoorProps) {
  const begun = use(beginning);
  const [session, setSession] = useState(begun.session);
  const [reason, setReason] = useState(begun.failure);
  const enter = (entered: Session) => {
    setReason(undefined);
    setSession(keepSession(entered));
  };
  const leave = (why?: string) => {
    forgetSession();
    setReason(why);
    setSession(undefined);
  };
  if (session === undefined) return <SignInPage config={begun.config} reason={reason} onSession={enter} />;
  return (
    <BrowserRouter basename="/portal">
      <SignedIn session={session} onRefusedToken={() => leave(texts.signIn.ended)}>
        <Shell session={session} onSignOut={() => leave()} appearance={appearance} onAppearance={choose}>
          <Pages />
        </Shell>
      </SignedIn>
    </BrowserRouter>
  );
}

interface SignedInProps {
  readonly session: Session;
  readonly onRefusedToken: () => void;
  readonly children: React.ReactNode;
}

function SignedIn({ session, onRefusedToken, children }: SignedInProps) {
  // The token alone makes the API: a new function for the same token must not forget what was read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const api = useMemo(() => createApi(session.token, onRefusedToken), [session.token]);
  return <ApiProvider api={api}>{children}</ApiProvider>;
}

function Pages() {
  const { pathname } = useLocation();
  return (
    <Boundary within="frame" place={pathname}>
      <Suspense fallback={<Spinner label={texts.loading} />}>
        <Routes>
          <Route path="/" element={<DashboardPage />} />
          <Route path="/customers" element={<CustomersPage />} />
          <Route path="/customers/new" element={<AddCustomerPage />} />
          <Route path="/customers/:id" element={<CustomerPage />} />
          <Route path="/customers/:id/edit" element={<EditPage />} />
          <Route path="/operations" element={<OperationsPage />} />
          <Route path="/operations/:id" element={<OperationPage />} />
          <Route path="/subscriptions" element={<SubscriptionsPage />} />
          <Route path="/subscriptions/new" element={<SubscribePage />} />
          <Route path="/subscriptions/:id" element={<SubscriptionPage />} />
          <Route path="/explorer" element={<ExplorerPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Suspense>
    </Boundary>
  );
}
