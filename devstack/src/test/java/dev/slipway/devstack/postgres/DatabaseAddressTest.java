package dev.slipway.devstack.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to write down where a database is. */
class DatabaseAddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://ann:s%3Acret@db.example:6432/main?sslmode=require",
                "postgresql://ann:s%3Acret@db.example:6432/main?sslmode=require",
                "jdbc:postgresql://db.example:6432/main?user=ann&password=s%3Acret&sslmode=require",
            })
    void eachNotationMeansTheSame(String text) {
        assertThat(DatabaseAddress.parse(text))
                .isEqualTo(
                        new DatabaseAddress("db.example", 6432, "main", "ann", "s:cret", Map.of("sslmode", "require")));
    }

    @Test
    void thePortMayBeLeftOut() {
        assertThat(DatabaseAddress.parse("postgres://ann@localhost/main").port())
                .isEqualTo(5432);
    }

    @Test
    void aPlusInAPasswordStaysAPlus() {
        assertThat(DatabaseAddress.parse("postgres://ann:a+b@localhost/main").password())
                .isEqualTo("a+b");
    }

    @Test
    void aServicesUrlNamesItsSchemaAndNoSecret() {
        var address = DatabaseAddress.parse("postgres://ann:secret@localhost/main?sslmode=require");

        assertThat(address.jdbcUrl("session"))
                .isEqualTo("jdbc:postgresql://localhost:5432/main?currentSchema=session&sslmode=require");
        assertThat(address.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://ann:secret@localhost/main",
                "postgres://localhost/main",
                "postgres://ann:secret@localhost",
                "postgres://ann:sec ret@localhost/main",
                "localhost",
            })
    void whatIsNotOneIsRefusedWithoutRepeatingThePassword(String text) {
        assertThatThrownBy(() -> DatabaseAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The database's URL")
                .hasMessageNotContaining("secret")
                .hasMessageNotContaining("sec ret");
    }
}
