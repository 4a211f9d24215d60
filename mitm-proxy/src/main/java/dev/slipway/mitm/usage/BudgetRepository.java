package dev.slipway.mitm.usage;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/** Budgets, and what was spent of them. Amounts are US dollars. */
@JdbcRepository(dialect = Dialect.POSTGRES)
interface BudgetRepository extends GenericRepository<BudgetRow, String> {
    @Query("""
            INSERT INTO project_budget (project_id, budget_usd) VALUES (:projectId, :budgetUsd)
            ON CONFLICT (project_id) DO UPDATE SET budget_usd = excluded.budget_usd
            """)
    long setProject(String projectId, BigDecimal budgetUsd);

    @Query("DELETE FROM project_budget WHERE project_id = :projectId")
    long removeProject(String projectId);

    @Query("""
            INSERT INTO session_budget (session_id, project_id, budget_usd) VALUES (:sessionId, :projectId, :budgetUsd)
            ON CONFLICT (session_id) DO UPDATE SET budget_usd = excluded.budget_usd
            WHERE session_budget.project_id = excluded.project_id
            """)
    long setSession(String sessionId, String projectId, BigDecimal budgetUsd);

    @Query("DELETE FROM session_budget WHERE session_id = :sessionId AND project_id = :projectId")
    long removeSession(String sessionId, String projectId);

    @Query("SELECT budget_usd FROM project_budget WHERE project_id = :projectId")
    Optional<BigDecimal> findProject(String projectId);

    @Query("SELECT budget_usd FROM session_budget WHERE session_id = :sessionId AND project_id = :projectId")
    Optional<BigDecimal> findSession(String sessionId, String projectId);

    @Query("""
            SELECT coalesce(sum(cost_usd), 0) FROM usage_total
            WHERE project_id = :projectId AND day >= :since
            """)
    BigDecimal sumOfProject(String projectId, LocalDate since);

    @Query("""
            SELECT coalesce(sum(cost_usd), 0) FROM usage_total
            WHERE session_id = :sessionId AND project_id = :projectId
            """)
    BigDecimal sumOfSession(String sessionId, String projectId);
}
