/** Entry of the plan page. */
import type { PlanPageEvents, PlanPageMethods } from '../../src/protocol/planPage';
import { connect } from '../shared/endpoint';
import '../shared/theme.css';
import './plan.css';
import { PlanView } from './planView';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no element with the id "app".');
void new PlanView(connect<PlanPageMethods, PlanPageEvents>(), root).load('plan.start');
