import { Navigate, type RouteObject } from 'react-router'
import { NotFound, RouteError } from '../errors/route-error.tsx'
import { t } from '../i18n/t.ts'
import { PipelinesPage } from '../pipelines/pipelines-page.tsx'
import { RequireSession } from '../session/require-session.tsx'
import { SignInPage } from '../sign-in/sign-in-page.tsx'
import { AppShell } from './app-shell.tsx'

/** Every page. What the list of pipelines does not need is loaded when it is first visited. */
export const routes: RouteObject[] = [
  {
    errorElement: <RouteError />,
    hydrateFallbackElement: <Loading />,
    children: [
      { path: '/sign-in', element: <SignInPage /> },
      {
        element: <RequireSession />,
        children: [
          { index: true, path: '/', element: <Navigate to="/pipelines" replace /> },
          {
            element: <AppShell />,
            children: [
              { path: '/pipelines', element: <PipelinesPage /> },
              {
                path: '/templates',
                lazy: async () => ({
                  Component: (await import('../pipelines/templates-page.tsx')).TemplatesPage,
                }),
              },
              {
                path: '/connections',
                lazy: async () => ({
                  Component: (await import('../connections/connections-page.tsx')).ConnectionsPage,
                }),
              },
              {
                path: '/system',
                lazy: async () => ({ Component: (await import('../system/system-page.tsx')).SystemPage }),
              },
              { path: '*', element: <NotFound /> },
            ],
          },
          {
            path: '/pipelines/:pipelineId',
            lazy: async () => ({
              Component: (await import('../workspace/workspace-page.tsx')).WorkspacePage,
            }),
            children: [
              {
                index: true,
                lazy: async () => ({ Component: (await import('../build/build-page.tsx')).BuildPage }),
              },
              {
                path: 'monitor',
                lazy: async () => ({ Component: (await import('../monitor/monitor-page.tsx')).MonitorPage }),
              },
              {
                path: 'history',
                lazy: async () => ({ Component: (await import('../history/history-page.tsx')).HistoryPage }),
              },
            ],
          },
        ],
      },
    ],
  },
]

function Loading() {
  return <p className="visually-hidden">{t('Loading')}</p>
}
