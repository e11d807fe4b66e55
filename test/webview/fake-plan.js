// Plans of the three operations, and runs that progress, end, fail or are cancelled.
(() => {
  const { handlers, query, emit, pause } = window.fakeEditor;
  const scenario = query.get('scenario') ?? 'restore';
  const prod = 'file:///warehouse/member_claims_prod';
  const dev = 'file:///warehouse/member_claims_dev';
  const cross = '<img src=x onerror="window.hacked=1">';
  const finding = (code, severity, needsAcknowledgement, message, subject = null, detail = {}) => ({
    code,
    severity,
    needsAcknowledgement,
    subject,
    detail,
    message,
  });
  const none = { files: 0, bytes: 0 };

  const restore = {
    id: 'plan-1',
    kind: 'restore',
    createdAt: '2026-11-20T09:30:12.118Z',
    source: {
      location: prod,
      name: 'member_claims_prod',
      version: 2,
      timestamp: '2026-10-08T07:14:46.037Z',
    },
    target: {
      location: prod,
      name: 'member_claims_prod',
      version: 4,
      timestamp: '2026-10-10T07:16:48.043Z',
    },
    willCommit: true,
    filesToAdd: { files: 5, bytes: 203776 },
    filesToRemove: { files: 1, bytes: 241664 },
    filesToCopy: none,
    filesReused: none,
    filesUnchanged: { files: 0, bytes: 0 },
    schemaChanges: [
      { key: 'discount', before: 'decimal(10,2)', after: null },
      { key: 'status', before: 'string, not null', after: 'string' },
    ],
    propertyChanges: [{ key: 'delta.enableChangeDataFeed', before: null, after: 'true' }],
    protocolChanges: [{ key: 'minReaderVersion', before: '3', after: '3' }],
    findings: [
      finding(
        'coverage',
        'info',
        false,
        'Clones were looked for below /warehouse and in the registry.',
      ),
      finding(
        'streams',
        'warning',
        false,
        'Streams that read this table will see the restored files again.',
        null,
        { added: 5 },
      ),
      finding(
        'dependent-clones',
        'warning',
        true,
        'member_claims_dev is a shallow clone and reads files that this restore removes from the table.',
        dev,
        { clones: [dev], sharedFiles: 1 },
      ),
      finding(
        'commits-would-be-lost',
        'warning',
        true,
        'The rows of versions 3 and 4 will not be in the table any more. They stay in the history.',
        prod,
        { commits: ['3 WRITE', '4 OPTIMIZE'] },
      ),
    ],
    readers: [
      'Spark with Delta Lake 2.4 or newer, Databricks, Trino and DuckDB can read the result: it uses deletion vectors.',
      'delta-rs before 1.0 can not: it does not know deletion vectors.',
    ],
    sql: 'RESTORE TABLE delta.`/warehouse/member_claims_prod` TO VERSION AS OF 2',
    commandLine: 'delta-clones restore /warehouse/member_claims_prod --version 2 --execute',
  };
  const shallow = {
    ...restore,
    id: 'plan-2',
    kind: 'shallow-clone',
    source: {
      location: prod,
      name: 'member_claims_prod',
      version: 3,
      timestamp: '2026-10-09T07:15:47.040Z',
    },
    target: { location: dev, name: 'member_claims_dev', version: null, timestamp: null },
    filesToAdd: { files: 7, bytes: 284509 },
    filesToRemove: none,
    schemaChanges: [],
    propertyChanges: [],
    protocolChanges: [],
    findings: [
      finding(
        'readers-limited',
        'info',
        false,
        'Engines that do not follow absolute paths can not read a shallow clone.',
      ),
    ],
    readers: [
      'Spark with Delta Lake 2.3 or newer and Databricks can read the clone.',
      'delta-rs, Polars and DuckDB can not: the clone points at files outside its folder.',
    ],
    sql: 'CREATE TABLE delta.`/warehouse/member_claims_dev` SHALLOW CLONE delta.`/warehouse/member_claims_prod` VERSION AS OF 3',
    commandLine:
      'delta-clones clone /warehouse/member_claims_prod /warehouse/member_claims_dev --shallow --version 3 --execute',
  };
  const deep = {
    ...shallow,
    id: 'plan-3',
    kind: 'deep-clone',
    target: {
      location: 'file:///warehouse/member_claims_backup',
      name: 'member_claims_backup',
      version: 2,
      timestamp: '2026-10-01T07:15:47.040Z',
    },
    filesToAdd: { files: 41230, bytes: 91_284_509_211 },
    filesToCopy: { files: 41230, bytes: 91_284_509_211 },
    filesReused: { files: 12, bytes: 1_284_509 },
    filesUnchanged: { files: 120, bytes: 12_284_509 },
    findings: [],
    readers: [],
    sql: null,
  };
  const plans = {
    restore,
    shallow,
    deep,
    blocked: {
      ...restore,
      findings: [
        finding(
          'missing-files',
          'blocker',
          false,
          '2 data files of version 2 are gone from storage, most likely by VACUUM. Choose a newer version.',
          prod,
          {
            files: Array.from(
              { length: 120 },
              (_, i) => `part-${String(i).padStart(5, '0')}.snappy.parquet`,
            ),
          },
        ),
        ...restore.findings,
      ],
    },
    nothing: {
      ...restore,
      willCommit: false,
      filesToAdd: none,
      filesToRemove: none,
      findings: [],
      schemaChanges: [],
      propertyChanges: [],
      protocolChanges: [],
    },
    hostile: {
      ...restore,
      source: { ...restore.source, name: cross },
      target: { ...restore.target, name: cross, location: cross },
      findings: [finding('streams', 'warning', true, cross, cross, { [cross]: cross })],
      schemaChanges: [{ key: cross, before: cross, after: cross }],
      readers: [cross],
      sql: cross,
      commandLine: cross,
    },
  };
  let plan = plans[scenario] ?? restore;
  let state = { kind: 'ready' };
  const set = (next) => {
    state = next;
    emit('plan.state', state);
  };
  const pageStart = () => ({
    plan,
    state,
    timeZone: query.get('zone') ?? 'Europe/Amsterdam',
    canWrite: query.get('trusted') !== 'no',
  });

  const items = Number(query.get('items') ?? 6);
  const item = (index, action) => ({
    action: action ?? ['add', 'remove', 'add', 'copy', 'reuse'][index % 5],
    path:
      scenario === 'hostile'
        ? cross
        : `addr_state=OH/part-${String(index).padStart(5, '0')}-0b1f%20c2.snappy.parquet`,
    size: 12_345 + index * 17,
    partitionValues: scenario === 'hostile' ? { [cross]: cross } : { addr_state: 'OH' },
    hasDeletionVector: index % 3 === 0,
  });
  handlers['plan.start'] = () => pageStart();
  handlers['plan.items'] = ([{ offset, limit, action }]) => {
    const total = action === undefined ? items : Math.floor(items / 5);
    const rows = [];
    for (let index = offset; index < Math.min(total, offset + limit); index += 1)
      rows.push(item(index, action));
    return { items: rows, total };
  };
  handlers['plan.refresh'] = () => {
    plan = { ...plan, id: `${plan.id}-again` };
    state = { kind: 'ready' };
    return pageStart();
  };
  const outcome = {
    version: plan.target.version === null ? 0 : plan.target.version + 1,
    committed: true,
    location: plan.target.location,
    metrics:
      plan.kind === 'restore'
        ? {
            tableSizeAfterRestore: 203776,
            numOfFilesAfterRestore: 5,
            numRemovedFiles: 1,
            numRestoredFiles: 5,
            removedFilesSize: 241664,
            restoredFilesSize: 203776,
          }
        : {
            sourceTableSize: 284509,
            sourceNumOfFiles: 7,
            numRemovedFiles: 0,
            numCopiedFiles: 0,
            removedFilesSize: 0,
            copiedFilesSize: 0,
          },
    cloneInfo: null,
    undoVersion: plan.target.version,
    warnings: ['The checkpoint could not be written; the commit stands without it.'],
  };
  const run = async (signal, onProgress) => {
    const total = 91_284_509_211;
    const steps = query.get('run') === 'slow' ? 1000 : 4;
    for (let step = 0; step <= steps; step += 1) {
      if (signal.aborted)
        throw { code: 'cancelled', message: 'The operation was cancelled.', details: {} };
      const progress = {
        phase: 'copying',
        done: Math.round((total * step) / steps),
        total,
        unit: 'bytes',
        subject: 'addr_state=OH/part-00012-0b1f.snappy.parquet',
      };
      onProgress(progress);
      set({ kind: 'running', progress });
      await pause(40);
    }
    if (query.get('run') === 'fail') {
      throw {
        code: 'stale-plan',
        message: 'member_claims_prod is at version 5 now; the plan was made against version 4.',
        details: { planned: 4, current: 5 },
      };
    }
    return outcome;
  };
  handlers['plan.execute'] = async (_params, { signal, onProgress }) => {
    const cancel = new AbortController();
    window.fakeEditor.cancelRun = () => cancel.abort();
    signal.addEventListener('abort', () => cancel.abort());
    set({ kind: 'running', progress: null });
    try {
      const result = await run(cancel.signal, onProgress);
      set({ kind: 'done', outcome: result });
      return result;
    } catch (error) {
      set({ kind: 'failed', error });
      throw error;
    }
  };
  for (const method of ['plan.copy', 'plan.close', 'plan.openHistory', 'plan.undo'])
    handlers[method] = () => null;
  handlers['plan.cancel'] = () => {
    set({
      kind: 'failed',
      error: { code: 'cancelled', message: 'The operation was cancelled.', details: {} },
    });
    return null;
  };
  if (scenario === 'running')
    state = {
      kind: 'running',
      progress: {
        phase: 'copying',
        done: 37_000_000,
        total: 120_000_000,
        unit: 'bytes',
        subject: 'part-00012-0b1f.snappy.parquet',
      },
    };
  if (scenario === 'done') state = { kind: 'done', outcome };
  if (scenario === 'error')
    window.fakeEditor.fail(
      'plan.start',
      { code: 'plan-not-found', message: 'The plan is no longer held.' },
      1,
    );
})();
