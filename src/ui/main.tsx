import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { startSession } from './stores/session.ts';
import './styles/global.css';

const root = document.getElementById('root');
if (root) {
  startSession();
  createRoot(root).render(<App />);
}
