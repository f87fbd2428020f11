import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.connectors.HttpConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.harness.Neo4j;
import org.neo4j.harness.Neo4jBuilders;

/** A Neo4j Community server on a free loopback port. Writes its Bolt address to the given file and runs until its input ends. */
public class Neo4jForTests {
    public static void main(String[] args) throws Exception {
        try (Neo4j server = Neo4jBuilders.newInProcessBuilder(Path.of(args[0]))
                .withConfig(BoltConnector.enabled, true)
                .withConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", 0))
                .withConfig(HttpConnector.enabled, false)
                .withConfig(GraphDatabaseSettings.transaction_timeout, Duration.ofMinutes(10))
                .withConfig(GraphDatabaseSettings.memory_transaction_global_max_size, 512L << 20)
                .withConfig(GraphDatabaseSettings.memory_transaction_max_size, 256L << 20)
                .build()) {
            Path answer = Path.of(args[1]);
            Path draft = answer.resolveSibling(answer.getFileName() + ".new");
            Files.writeString(draft, server.boltURI() + "\n");
            Files.move(draft, answer);
            while (System.in.read() >= 0) {
            }
        }
    }
}
