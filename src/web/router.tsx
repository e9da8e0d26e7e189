// Every address of the app. Pages load when they are first opened.
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiRefusal } from './api.ts'
import { askMe, isSetupNeeded } from './auth.ts'
import { AppShell } from './parts/AppShell.tsx'
import { readSearch, writeSearch } from './parts/filters.ts'
import { BrokenPage, MissingPage } from './pages/BrokenPage.tsx'

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: MissingPage,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./pages/sign-in/SignInPage.tsx'), 'SignInPage'),
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/sign-in/SetupPage.tsx'), 'SetupPage'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/sign-in/InvitationPage.tsx'), 'InvitationPage'),
})

type Loading = { context: { client: QueryClient }; location: { href: string } }

/** Someone is signed in, and who it is is known before a page is drawn. */
async function signedIn({ context, location }: Loading) {
  try {
    await context.client.ensureQueryData(askMe)
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.status !== 401) throw error
    if (await isSetupNeeded().catch(() => false)) throw redirect({ to: '/setup' })
    throw redirect({ to: '/sign-in', search: { next: location.href } as never })
  }
}

/** A supplier has a desk of his own, and no other place in here. */
async function ofTheBusiness(loading: Loading) {
  await signedIn(loading)
  if (loading.context.client.getQueryData(askMe.queryKey)?.role === 'supplier') throw redirect({ to: '/desk' })
}

async function atDesk(loading: Loading) {
  await signedIn(loading)
  if (loading.context.client.getQueryData(askMe.queryKey)?.role !== 'supplier') throw redirect({ to: '/' })
}

const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: AppShell, beforeLoad: ofTheBusiness })

/** Pages a marketplace opens, in a tab of their own. */
const landing = createRoute({
  getParentRoute: () => root,
  path: '/connect/$marketplace',
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import('./pages/connect/LandingPage.tsx'), 'LandingPage'),
})
const start = createRoute({
  getParentRoute: () => root,
  path: '/connect/$marketplace/start',
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import('./pages/connect/StartPage.tsx'), 'StartPage'),
})

const page = { getParentRoute: () => inside } as const
const home = createRoute({
  ...page,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/HomePage.tsx'), 'HomePage'),
})
const orders = createRoute({
  ...page,
  path: '/orders',
  component: lazyRouteComponent(() => import('./pages/orders/OrdersPage.tsx'), 'OrdersPage'),
})
const enterOrder = createRoute({
  ...page,
  path: '/orders/new',
  component: lazyRouteComponent(() => import('./pages/orders/EnterOrderPage.tsx'), 'EnterOrderPage'),
})
const order = createRoute({
  ...page,
  path: '/orders/$id',
  component: lazyRouteComponent(() => import('./pages/orders/OrderPage.tsx'), 'OrderPage'),
})
const products = createRoute({
  ...page,
  path: '/products',
  component: lazyRouteComponent(() => import('./pages/products/ProductsPage.tsx'), 'ProductsPage'),
})
const product = createRoute({
  ...page,
  path: '/products/$id',
  component: lazyRouteComponent(() => import('./pages/products/ProductPage.tsx'), 'ProductPage'),
})
const listings = createRoute({
  ...page,
  path: '/listings',
  component: lazyRouteComponent(() => import('./pages/listings/ListingsPage.tsx'), 'ListingsPage'),
})
const listingsGrid = createRoute({
  ...page,
  path: '/listings/$channelId',
  component: lazyRouteComponent(() => import('./pages/listings/GridPage.tsx'), 'GridPage'),
})
const pricing = createRoute({
  ...page,
  path: '/pricing',
  component: lazyRouteComponent(() => import('./pages/pricing/PricingPage.tsx'), 'PricingPage'),
})
const newPricingRule = createRoute({
  ...page,
  path: '/pricing/new',
  component: lazyRouteComponent(() => import('./pages/pricing/RulePage.tsx'), 'RulePage'),
})
const pricingRule = createRoute({
  ...page,
  path: '/pricing/$id',
  component: lazyRouteComponent(() => import('./pages/pricing/RulePage.tsx'), 'RulePage'),
})
const price = createRoute({
  ...page,
  path: '/pricing/listings/$id',
  component: lazyRouteComponent(() => import('./pages/pricing/PricePage.tsx'), 'PricePage'),
})
const suppliers = createRoute({
  ...page,
  path: '/suppliers',
  component: lazyRouteComponent(() => import('./pages/suppliers/SuppliersPage.tsx'), 'SuppliersPage'),
})
const supplier = createRoute({
  ...page,
  path: '/suppliers/$id',
  component: lazyRouteComponent(() => import('./pages/suppliers/SupplierPage.tsx'), 'SupplierPage'),
})
const invoices = createRoute({
  ...page,
  path: '/invoices',
  component: lazyRouteComponent(() => import('./pages/invoices/InvoicesPage.tsx'), 'InvoicesPage'),
})
const invoice = createRoute({
  ...page,
  path: '/invoices/$id',
  component: lazyRouteComponent(() => import('./pages/invoices/InvoicePage.tsx'), 'InvoicePage'),
})
const fileImport = createRoute({
  ...page,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('./pages/files/ImportPage.tsx'), 'ImportPage'),
})
const listingSteps = createRoute({
  ...page,
  path: '/listings/$channelId/list',
  component: lazyRouteComponent(() => import('./pages/listing-wizard/ListPage.tsx'), 'ListPage'),
})
const listingTemplates = createRoute({
  ...page,
  path: '/listings/$channelId/templates',
  component: lazyRouteComponent(() => import('./pages/listing-wizard/TemplatesPage.tsx'), 'TemplatesPage'),
})
const listingRun = createRoute({
  ...page,
  path: '/listings/runs/$runId',
  component: lazyRouteComponent(() => import('./pages/listing-wizard/RunPage.tsx'), 'RunPage'),
})
const settings = createRoute({
  ...page,
  path: '/settings',
  beforeLoad: ({ location }) => {
    if (location.pathname.replace(/\/$/, '') === '/settings')
      throw redirect({ to: '/settings/channels', replace: true })
  },
})
const setting = { getParentRoute: () => settings } as const
const integrations = createRoute({
  ...setting,
  path: 'channels',
  component: lazyRouteComponent(() => import('./pages/integrations/IntegrationsPage.tsx'), 'IntegrationsPage'),
})
const addIntegration = createRoute({
  ...setting,
  path: 'channels/add',
  component: lazyRouteComponent(() => import('./pages/integrations/AddPage.tsx'), 'AddPage'),
})
const integration = createRoute({
  ...setting,
  path: 'channels/$id',
  component: lazyRouteComponent(() => import('./pages/integrations/IntegrationPage.tsx'), 'IntegrationPage'),
})
const rates = createRoute({
  ...setting,
  path: 'exchange-rates',
  component: lazyRouteComponent(() => import('./pages/rates/RatesPage.tsx'), 'RatesPage'),
})
const mapping = createRoute({
  ...setting,
  path: 'channels/$id/mapping',
  component: lazyRouteComponent(() => import('./pages/mapping/MappingPage.tsx'), 'MappingPage'),
})

const shippingServices = createRoute({
  ...setting,
  path: 'shipping',
  component: lazyRouteComponent(() => import('./pages/settings/ShippingServicesPage.tsx'), 'ShippingServicesPage'),
})
const business = createRoute({
  ...setting,
  path: 'business',
  component: lazyRouteComponent(() => import('./pages/settings/BusinessPage.tsx'), 'BusinessPage'),
})

const desk = createRoute({
  getParentRoute: () => root,
  path: '/desk',
  beforeLoad: atDesk,
  component: lazyRouteComponent(() => import('./desk/DeskShell.tsx'), 'DeskShell'),
})
const atTheDesk = { getParentRoute: () => desk } as const
const deskOrders = createRoute({
  ...atTheDesk,
  path: '/',
  component: lazyRouteComponent(() => import('./desk/DeskOrdersPage.tsx'), 'DeskOrdersPage'),
})
const deskOrder = createRoute({
  ...atTheDesk,
  path: 'orders/$id',
  component: lazyRouteComponent(() => import('./desk/DeskOrderPage.tsx'), 'DeskOrderPage'),
})
const deskTracking = createRoute({
  ...atTheDesk,
  path: 'tracking',
  component: lazyRouteComponent(() => import('./desk/DeskTrackingPage.tsx'), 'DeskTrackingPage'),
})
const deskOffers = createRoute({
  ...atTheDesk,
  path: 'offers',
  component: lazyRouteComponent(() => import('./desk/DeskOffersPage.tsx'), 'DeskOffersPage'),
})
const deskInvoices = createRoute({
  ...atTheDesk,
  path: 'invoices',
  component: lazyRouteComponent(() => import('./desk/DeskInvoicesPage.tsx'), 'DeskInvoicesPage'),
})
const deskInvoice = createRoute({
  ...atTheDesk,
  path: 'invoices/$id',
  component: lazyRouteComponent(() => import('./desk/DeskInvoicePage.tsx'), 'DeskInvoicePage'),
})
const deskAccount = createRoute({
  ...atTheDesk,
  path: 'account',
  component: lazyRouteComponent(() => import('./desk/DeskAccountPage.tsx'), 'DeskAccountPage'),
})

const tree = root.addChildren([
  signIn,
  setup,
  invitation,
  desk.addChildren([deskOrders, deskOrder, deskTracking, deskOffers, deskInvoices, deskInvoice, deskAccount]),
  landing,
  start,
  inside.addChildren([
    home,
    orders,
    enterOrder,
    order,
    products,
    product,
    listings,
    listingsGrid,
    pricing,
    newPricingRule,
    pricingRule,
    price,
    suppliers,
    supplier,
    invoices,
    invoice,
    fileImport,
    listingSteps,
    listingTemplates,
    listingRun,
    settings.addChildren([integrations, addIntegration, integration, rates, mapping, shippingServices, business]),
  ]),
])

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: BrokenPage,
    parseSearch: readSearch,
    stringifySearch: writeSearch,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
