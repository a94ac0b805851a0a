/** The bodies of the API by the names that the console uses. */
import type { components as Awards } from '@/generated/awards'
import type { components as Identity } from '@/generated/identity'
import type { components as Leaderboard } from '@/generated/leaderboard'
import type { components as Registration } from '@/generated/registration'
import type { components as Scoring } from '@/generated/scoring'
import type { components as Suggestions } from '@/generated/suggestions'

type I = Identity['schemas']
type R = Registration['schemas']
type S = Scoring['schemas']
type A = Awards['schemas']
type P = Suggestions['schemas']
type L = Leaderboard['schemas']

export type Me = I['Me']
export type Role = I['Role']
export type Account = I['AccountBody']
export type JudgeLink = I['JudgeLinkBody']
export type BoardBody = R['BoardBody']
export type BoardKind = BoardBody['kind']
export type CampaignBody = R['CampaignBody']
export type EntryBody = R['EntryBody']
export type UnitBody = R['UnitBody']
export type StartPlace = R['StartPlace']
export type ControlOut = S['ControlOut']
export type SchemeOut = S['SchemeOut']
export type SchemeCheck = S['SchemeCheck']
export type TemplateOut = S['TemplateOut']
export type TrialOut = S['TrialOut']
export type PanelOut = S['PanelOut']
export type JudgeIn = S['JudgeIn']
export type WindowIn = S['WindowIn']
export type SheetOut = S['SheetOut']
export type ProgressRow = S['ProgressRow']
export type Slot = S['Slot']
export type Judging = S['JudgingOut']
export type Contribution = S['ContributionOut']
export type ListBody = A['ListBody']
export type Proposal = P['ProposalBody']
export type ProposalDetail = P['ProposalDetail']
export type ScreenLine = L['ScreenLine']
export type ScriptAt = L['ScriptAt']
