/**
 * A static site of evidence: endpoints by profiles, a page for each endpoint with its history and what changed, its
 * report, and badges. Pure: evidence in, files out.
 */
import type { Named } from '../merge.ts'
import { summarize } from '../summary.ts'
import { renderBadge, renderProfileShield, renderShield } from '../render/badge.ts'
import { renderHtml } from '../render/html/page.ts'
import { endpointsOf } from './endpoints.ts'
import { endpointPage } from './endpoint-page.ts'
import { overviewPage } from './overview-page.ts'

/** A file of the site; its path is relative, with forward slashes, and made of `a-z0-9.-` alone. */
export interface SiteFile {
  readonly path: string
  readonly text: string
}

/** What a site says about itself. */
export interface SiteOptions {
  /** Of the site; absent: lambdacheck's own words. */
  readonly title?: string
}

/** The files of the site. Evidence without an endpoint (of lint alone) is no part of it. */
export function siteFiles(runs: readonly Named[], { title = 'Lambda endpoints' }: SiteOptions = {}): SiteFile[] {
  const endpoints = endpointsOf(runs)
  return [
    { path: 'index.html', text: overviewPage(endpoints, title) },
    ...endpoints.flatMap(endpoint => {
      const { slug, latest, badges } = endpoint
      return [
        { path: `${slug}/index.html`, text: endpointPage(endpoint, title) },
        { path: `${slug}/report.html`, text: renderHtml(latest) },
        { path: `${slug}/badge.svg`, text: renderBadge(latest) },
        { path: `${slug}/badge.json`, text: renderShield(latest) },
        ...summarize(latest).profiles.flatMap(profile => {
          const file = badges.get(profile.profile)
          return file === undefined ? [] : [{ path: `${slug}/${file}`, text: renderProfileShield(profile) }]
        }),
      ]
    }),
  ]
}
