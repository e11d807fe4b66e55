// A table's history as an engine would tell it. `commits`: how many; without it the five versions of the demo's story.
(() => {
  const { handlers, query } = window.fakeEditor;
  const scenario = query.get('scenario') ?? 'story';
  const start = Date.parse('2026-10-05T07:12:44.031Z');
  const base = {
    userId: '7712',
    userName: 'ines.okafor@example.com',
    job: null,
    notebook: null,
    clusterId: null,
    isolationLevel: 'WriteSerializable',
    isBlindAppend: false,
    userMetadata: null,
    engineInfo: 'Apache-Spark/3.5.3 Delta-Lake/3.2.1',
    isRestorable: true,
  };
  const commit = (version, days, operation, operationParameters, operationMetrics, more = {}) => ({
    ...base,
    version,
    timestamp: new Date(start + days * 86_400_000 + version * 61_003).toISOString(),
    operation,
    operationParameters,
    operationMetrics,
    readVersion: version === 0 ? null : version - 1,
    ...more,
  });

  const story = [
    commit(
      0,
      0,
      'CREATE OR REPLACE TABLE',
      {
        isManaged: 'false',
        description: '',
        partitionBy: '[]',
        properties: '{"delta.enableDeletionVectors":"true"}',
      },
      {},
      { isRestorable: false },
    ),
    commit(
      1,
      0.1,
      'WRITE',
      { mode: 'Append', partitionBy: '[]' },
      { numFiles: '4', numOutputRows: '4200', numOutputBytes: '188416' },
      { isBlindAppend: true, isRestorable: false },
    ),
    commit(
      2,
      3,
      'UPDATE',
      { predicate: '["(status#412 = PENDING)"]' },
      {
        numRemovedFiles: '0',
        numAddedFiles: '1',
        numDeletionVectorsAdded: '1',
        numUpdatedRows: '312',
        executionTimeMs: '4120',
        scanTimeMs: '1802',
        rewriteTimeMs: '2201',
        numAddedBytes: '15360',
      },
    ),
    commit(
      3,
      4,
      'WRITE',
      { mode: 'Append', partitionBy: '[]' },
      { numFiles: '2', numOutputRows: '1800', numOutputBytes: '80733' },
      {
        userName: 'tomas.lindqvist@example.com',
        userId: '8120',
        userMetadata: 'nightly load 2026-10-09',
        job: { jobId: '4471', jobName: 'claims nightly', runId: '99812' },
        isBlindAppend: true,
      },
    ),
    commit(
      4,
      5,
      'OPTIMIZE',
      { predicate: '[]', zOrderBy: '["member_id"]', clusterBy: '[]', auto: 'false' },
      {
        numRemovedFiles: '7',
        numAddedFiles: '1',
        numRemovedBytes: '284509',
        numAddedBytes: '241664',
        p25FileSize: '241664',
        numDeletionVectorsRemoved: '1',
      },
      {
        isolationLevel: 'SnapshotIsolation',
        engineInfo: 'Databricks-Runtime/17.2.x-photon-scala2.13',
        clusterId: '0412-071244-q8rst2',
        notebook: { notebookId: '118273' },
      },
    ),
    commit(
      5,
      9,
      'DELETE',
      { predicate: '["(addr_state#77 = OH)"]' },
      {
        numRemovedFiles: '1',
        numAddedFiles: '0',
        numDeletedRows: '181',
        numRemovedBytes: '241664',
        executionTimeMs: '3479',
      },
    ),
    commit(
      6,
      10,
      'RESTORE',
      { version: '4', timestamp: '' },
      {
        numRestoredFiles: '1',
        numRemovedFiles: '0',
        numOfFilesAfterRestore: '1',
        tableSizeAfterRestore: '241664',
        restoredFilesSize: '241664',
        removedFilesSize: '0',
      },
      { engineInfo: 'delta-clones/0.1.0', isolationLevel: 'Serializable' },
    ),
    commit(
      7,
      12,
      'MERGE',
      {
        predicate: '["(t.member_id#3 = s.member_id#9)"]',
        matchedPredicates: '[{"actionType":"update"}]',
      },
      {
        numTargetRowsInserted: '64',
        numTargetRowsUpdated: '210',
        numTargetRowsDeleted: '0',
        numTargetFilesAdded: '2',
        numTargetFilesRemoved: '1',
        numSourceRows: '274',
        executionTimeMs: '61187',
      },
    ),
    commit(
      8,
      20,
      'CLONE',
      {
        source: 'delta.`file:///warehouse/member_claims_prod`',
        sourceVersion: '3',
        isShallow: 'true',
      },
      {
        sourceTableSize: '269149',
        sourceNumOfFiles: '6',
        numRemovedFiles: '2',
        removedFilesSize: '300001',
        numCopiedFiles: '0',
        copiedFilesSize: '0',
      },
      { engineInfo: 'delta-clones/0.1.0', isolationLevel: 'Serializable' },
    ),
    commit(
      9,
      30,
      'VACUUM START',
      { retentionCheckEnabled: 'true', defaultRetentionMillis: '604800000' },
      { numFilesToDelete: '12', sizeOfDataToDelete: '1099511627776' },
    ),
    commit(
      10,
      30.1,
      'VACUUM END',
      { status: 'COMPLETED' },
      { numDeletedFiles: '12', numVacuumedDirectories: '3' },
    ),
    commit(
      11,
      40,
      'HARMONIZE LEDGER',
      { strategy: 'two-pass' },
      { numWidgets: '12345678901234567890' },
      { userName: null, userId: null, engineInfo: 'ledger-tool 2.0' },
    ),
  ];

  const cross = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
  const hostile = [
    commit(
      0,
      0,
      'WRITE',
      { mode: cross, [cross]: cross },
      { [cross]: '1', numFiles: cross },
      { userName: cross, userMetadata: cross, engineInfo: cross, job: { jobName: cross } },
    ),
    commit(1, 1, cross, null, null, { userMetadata: '"><svg onload="window.hacked=1">' }),
    commit(2, 2, 'CLONE', { source: cross, sourceVersion: cross }, null),
  ];

  const many = Number(query.get('commits') ?? 0);
  const operations = ['WRITE', 'WRITE', 'WRITE', 'MERGE', 'UPDATE', 'DELETE', 'OPTIMIZE'];
  const users = ['ines.okafor@example.com', 'tomas.lindqvist@example.com', 'svc-nightly'];
  const generated = (version) =>
    commit(
      version,
      version / 400,
      operations[version % operations.length],
      { mode: 'Append', partitionBy: '["addr_state"]' },
      { numFiles: '3', numOutputRows: String(1000 + version), numOutputBytes: '91020' },
      { userName: users[version % users.length] },
    );

  let count =
    many > 0
      ? many
      : scenario === 'hostile'
        ? hostile.length
        : scenario === 'empty'
          ? 0
          : story.length;
  const commitAt = (version) => {
    if (many > 0) return generated(version);
    return (scenario === 'hostile' ? hostile : story)[version] ?? generated(version);
  };
  const oldest = Number(query.get('oldest') ?? 0);

  const pageStart = () => ({
    table: {
      location: 'file:///warehouse/claims%20team/member_claims_dev',
      name: scenario === 'hostile' ? cross : 'member_claims_dev',
      version: count - 1,
      cloneOf: { location: 'file:///warehouse/member_claims_prod', version: 3, kind: 'shallow' },
    },
    pageSize: Number(query.get('pageSize') ?? 100),
    timeZone: query.get('zone') ?? 'Europe/Amsterdam',
    canWrite: query.get('trusted') !== 'no',
    isTrusted: query.get('trusted') !== 'no',
  });

  const delay = Number(query.get('delay') ?? 0);
  handlers['history.start'] = () => pageStart();
  handlers['history.page'] = async ([{ before, limit, check }]) => {
    if (delay > 0) await window.fakeEditor.pause(delay);
    const top = Math.min(before ?? count, count) - 1;
    const rows = [];
    for (let version = top; version >= oldest && rows.length < limit; version -= 1)
      rows.push(commitAt(version));
    if (check)
      rows.forEach(
        (row, index) =>
          (rows[index] = { ...row, readable: row.version === 3 ? 'files-missing' : 'yes' }),
      );
    return { rows, latestVersion: count - 1, isEnd: top - rows.length < oldest };
  };
  handlers['history.restore'] = () => null;
  handlers['history.clone'] = () => null;
  handlers['history.copy'] = () => null;

  /** A writer commits. */
  window.fakeEditor.arrive = (n = 1) => {
    count += n;
    window.fakeEditor.emit('history.changed', pageStart());
  };
  if (scenario === 'error') {
    window.fakeEditor.fail(
      'history.page',
      {
        code: 'invalid-log',
        message:
          'Commit 00000000000000000007.json of member_claims_dev has a line that is not JSON. Versions from 8 on can still be read from the checkpoint.',
      },
      1,
    );
  }
})();
