/** Entry of the history page. */
import type { HistoryPageEvents, HistoryPageMethods } from '../../src/protocol/historyPage';
import { connect } from '../shared/endpoint';
import '../shared/theme.css';
import './history.css';
import { HistoryView } from './historyView';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no element with the id "app".');
void new HistoryView(connect<HistoryPageMethods, HistoryPageEvents>(), root).reload();
